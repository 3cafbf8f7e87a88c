// caffe_blobs net.prototxt WEIGHTS input.hdf5 blobs.hdf5 [SAVED]
//
// Runs a net of Caffe's once in phase TEST on the data set [data] of input.hdf5 and writes each blob under its name.
// WEIGHTS is a .caffemodel or .caffemodel.h5; or "-": then Caffe's fillers give the first values, and two passes in
// phase TRAIN let the net gather statistics. The parameters are saved to SAVED, as HDF5 if that ends in .h5.

#include <iostream>
#include <string>
#include <vector>

#include "caffe/caffe.hpp"
#include "caffe/util/hdf5.hpp"
#include "caffe/util/io.hpp"

using caffe::Blob;
using caffe::Net;

static void load(const char* path, Net<float>* net) {
  hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
  CHECK_GE(file, 0) << path;
  caffe::hdf5_load_nd_dataset(file, "data", 0, kMaxBlobAxes, net->blob_by_name("data").get(), true);
  H5Fclose(file);
  net->Reshape();
}

static bool ends(const std::string& s, const std::string& end) {
  return s.size() >= end.size() && s.compare(s.size() - end.size(), end.size(), end) == 0;
}

static void save(const Net<float>& net, const std::string& path) {
  if (ends(path, ".h5")) {
    net.ToHDF5(path);
  } else {
    caffe::NetParameter all;
    net.ToProto(&all);
    caffe::WriteProtoToBinaryFile(all, path);
  }
}

int main(int argc, char** argv) {
  FLAGS_minloglevel = google::ERROR;
  google::InitGoogleLogging(argv[0]);
  CHECK(argc == 5 || argc == 6) << "usage: caffe_blobs net.prototxt WEIGHTS|- input.hdf5 blobs.hdf5 [SAVED]";
  std::string weights = argv[2];
  if (weights == "-") {
    caffe::Caffe::set_random_seed(1);
    Net<float> made(argv[1], caffe::TRAIN);
    load(argv[3], &made);
    made.Forward();
    made.Forward();
    weights = argv[5];
    save(made, weights);
  }
  Net<float> net(argv[1], caffe::TEST);
  net.CopyTrainedLayersFrom(weights);
  if (argc == 6 && weights != argv[5]) save(net, argv[5]);
  load(argv[3], &net);
  net.Forward();
  hid_t file = H5Fcreate(argv[4], H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  CHECK_GE(file, 0) << argv[4];
  for (size_t i = 0; i < net.blob_names().size(); ++i) {
    caffe::hdf5_save_nd_dataset<float>(file, net.blob_names()[i], *net.blobs()[i]);
  }
  H5Fclose(file);
  return 0;
}
