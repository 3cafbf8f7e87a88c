// dump_mean_file mean.binaryproto out.hdf5
//
// Writes the mean of a data set that Caffe 1.0 computed to the data set [mean] of an HDF5 file, as the transformer
// SubMean reads it. It belongs to Mocha4J, whose docs/importing.md says how to build it.
//
// Exit codes: 0 written, 1 failure (nothing is written then), 2 wrong usage.

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "caffe/caffe.hpp"
#include "caffe/util/hdf5.hpp"
#include "caffe/util/io.hpp"

namespace {

const char* const PROGRAM = "dump_mean_file";

void fail(const std::string& text) {
  std::cerr << PROGRAM << ": " << text << std::endl;
  _exit(1);
}

void caffe_gave_up() { fail("Caffe refuses this; the reason stands above"); }

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: " << PROGRAM << " mean.binaryproto out.hdf5" << std::endl;
    return 2;
  }
  FLAGS_logtostderr = true;
  FLAGS_minloglevel = google::ERROR;
  google::InitGoogleLogging(argv[0]);
  google::InstallFailureFunction(&caffe_gave_up);
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);

  const std::string from = argv[1], to = argv[2];
  if (!std::ifstream(from.c_str())) fail(from + " cannot be read; expected: a mean file, .binaryproto");
  caffe::BlobProto proto;
  if (!caffe::ReadProtoFromBinaryFile(from, &proto) || proto.data_size() + proto.double_data_size() == 0) {
    fail(from + " is no mean file of Caffe's: it holds no blob");
  }
  caffe::Blob<float> mean;
  mean.FromProto(proto, true);

  hid_t file = H5Fcreate(to.c_str(), H5F_ACC_EXCL, H5P_DEFAULT, H5P_DEFAULT);
  if (file < 0) fail(to + " is there already or cannot be written; name a new file");
  std::vector<hsize_t> dims(mean.shape().begin(), mean.shape().end());
  bool written = H5LTmake_dataset_float(file, "mean", static_cast<int>(dims.size()), dims.data(), mean.cpu_data()) >= 0;
  if (H5Fclose(file) < 0 || !written) {
    std::remove(to.c_str());
    fail("cannot write " + to);
  }
  std::cout << to << ": mean " << mean.shape_string() << std::endl;
  return 0;
}
