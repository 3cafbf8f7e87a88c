// dump_network_hdf5 net.prototxt weights.caffemodel out.hdf5
//
// Writes the parameters that Caffe 1.0 learned to a flat HDF5 file: one data set layer___param for each, such as
// conv1___filter, conv1___bias, ip1___weight. It belongs to Mocha4J, whose docs/importing.md says how to build it.
//
// The two files are read as Caffe reads them, older generations included; the weights may also be a .caffemodel.h5.
// No net is set up for it, so the data of a training net need not be there, and what the weights lack is left out
// instead of being written as Caffe would initialise it. Layers are those of phase TEST.
//
// Exit codes: 0 written, 1 failure (nothing is written then), 2 wrong usage.

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "caffe/caffe.hpp"
#include "caffe/util/hdf5.hpp"
#include "caffe/util/io.hpp"
#include "caffe/util/upgrade_proto.hpp"

namespace {

using caffe::Blob;
using caffe::LayerParameter;
using caffe::NetParameter;
using std::string;
using std::vector;
typedef caffe::shared_ptr<Blob<float> > Values;

const char* const PROGRAM = "dump_network_hdf5";
string unfinished;  // removed on failure

void leave(int code) {
  if (!unfinished.empty()) std::remove(unfinished.c_str());
  std::cout.flush();
  _exit(code);
}

void fail(const string& text) {
  std::cerr << PROGRAM << ": " << text << std::endl;
  leave(1);
}

void caffe_gave_up() { fail("Caffe refuses this; the reason stands above"); }

// Names of the parameters of each type, in the order of its blobs; BatchNorm's third blob is a divisor of both.
const std::map<string, vector<string> >& kinds() {
  static const std::map<string, vector<string> > all = {
      {"Convolution", {"filter", "bias"}}, {"Deconvolution", {"filter", "bias"}}, {"InnerProduct", {"weight", "bias"}},
      {"Embed", {"weight", "bias"}},       {"BatchNorm", {"mean", "variance"}},   {"Scale", {"scale", "bias"}},
      {"Bias", {"bias"}},                  {"PReLU", {"slope"}}};
  return all;
}

// A name that a layer may have in Mocha4J and that makes no groups in HDF5.
string plain(const string& name) {
  string s = name;
  for (size_t i = 0; i < s.size(); ++i) {
    if (!isalnum(static_cast<unsigned char>(s[i])) && s[i] != '.' && s[i] != '-') s[i] = '_';
  }
  for (size_t at; (at = s.find("___")) != string::npos;) s.erase(at, 1);
  return s;
}

NetParameter read_net(const string& path) {
  if (!std::ifstream(path.c_str())) fail(path + " cannot be read; expected: the definition of a net, .prototxt");
  NetParameter all, test;
  if (!caffe::ReadProtoFromTextFile(path, &all) || !caffe::UpgradeNetAsNeeded(path, &all)) {
    fail(path + " is no definition of a net for Caffe 1.0; the reason stands above");
  }
  all.mutable_state()->set_phase(caffe::TEST);
  caffe::Net<float>::FilterNet(all, &test);
  if (test.layer_size() == 0) fail(path + " has no layers in phase TEST");
  return test;
}

typedef std::map<string, vector<Values> > Weights;

void read_hdf5_weights(const string& path, Weights* weights) {
  hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  hid_t data = file < 0 ? -1 : H5Gopen2(file, "data", H5P_DEFAULT);
  if (data < 0) fail(path + " is HDF5 but no snapshot of Caffe's: it has no group [data]");
  for (int l = 0; l < caffe::hdf5_get_num_links(data); ++l) {
    string name = caffe::hdf5_get_name_by_idx(data, l);
    hid_t layer = H5Gopen2(data, name.c_str(), H5P_DEFAULT);
    if (layer < 0) fail(path + " is HDF5 but no snapshot of Caffe's: [data/" + name + "] is no group");
    for (int i = 0; i < caffe::hdf5_get_num_links(layer); ++i) {
      Values v(new Blob<float>());
      caffe::hdf5_load_nd_dataset(layer, std::to_string(i).c_str(), 0, kMaxBlobAxes, v.get(), true);
      (*weights)[name].push_back(v);
    }
    H5Gclose(layer);
  }
  H5Gclose(data);
  H5Fclose(file);
}

Weights read_weights(const string& path) {
  if (!std::ifstream(path.c_str())) fail(path + " cannot be read; expected: the weights, .caffemodel");
  Weights weights;
  if (H5Fis_hdf5(path.c_str()) > 0) {
    read_hdf5_weights(path, &weights);
  } else {
    NetParameter model;
    if (!caffe::ReadProtoFromBinaryFile(path, &model) || !caffe::UpgradeNetAsNeeded(path, &model)) {
      fail(path + " is no model of Caffe's: neither .caffemodel nor .caffemodel.h5");
    }
    for (int l = 0; l < model.layer_size(); ++l) {
      for (int i = 0; i < model.layer(l).blobs_size(); ++i) {
        Values v(new Blob<float>());
        v->FromProto(model.layer(l).blobs(i), true);
        weights[model.layer(l).name()].push_back(v);
      }
    }
  }
  if (weights.empty()) fail(path + " has no layers with parameters");
  return weights;
}

// The BatchNorm that a layer follows, if it scales each channel of that.
string batch_norm_before(const NetParameter& net, int layer) {
  const LayerParameter& p = net.layer(layer);
  if (p.bottom_size() != 1 || p.scale_param().axis() != 1 || p.scale_param().num_axes() != 1) return "";
  for (int l = layer - 1; l >= 0; --l) {
    for (int t = 0; t < net.layer(l).top_size(); ++t) {
      if (net.layer(l).top(t) == p.bottom(0)) return net.layer(l).type() == "BatchNorm" ? net.layer(l).name() : "";
    }
  }
  return "";
}

// Caffe's [in, out] of an InnerProduct with transpose: true as the [out, in] of all others.
Values transposed(const Blob<float>& from) {
  int in = from.shape(-2), out = from.shape(-1);
  Values to(new Blob<float>(vector<int>{out, in}));
  for (int i = 0; i < in; ++i) {
    for (int o = 0; o < out; ++o) to->mutable_cpu_data()[o * in + i] = from.cpu_data()[i * out + o];
  }
  return to;
}

class Output {
 public:
  explicit Output(const string& path)
      : path_(path), file_(H5Fcreate(path.c_str(), H5F_ACC_EXCL, H5P_DEFAULT, H5P_DEFAULT)) {
    if (file_ < 0) fail(path + " is there already or cannot be written; name a new file");
    unfinished = path;
  }

  void put(const string& layer, const string& param, const Blob<float>& values) {
    string name = plain(layer) + "___" + param;
    if (!names_.insert(name).second) fail("two layers would be written as " + name + "; rename one in both files");
    vector<hsize_t> dims(values.shape().begin(), values.shape().end());
    int rank = static_cast<int>(dims.size());
    if (H5LTmake_dataset_float(file_, name.c_str(), rank, dims.data(), values.cpu_data()) < 0) {
      fail("cannot write " + name + " to " + path_);
    }
    std::cout << name << " " << values.shape_string() << std::endl;
  }

  void finish() {
    if (names_.empty()) fail("the two files have no layer with parameters in common, by name");
    if (H5Fclose(file_) < 0) fail("cannot write " + path_);
    unfinished.clear();
    std::cout << path_ << ": " << names_.size() << " parameters" << std::endl;
  }

 private:
  const string path_;
  const hid_t file_;
  std::set<string> names_;
};

void dump_batch_norm(const string& name, const vector<Values>& blobs, Output* out) {
  if (blobs.size() != 3) {
    fail("layer " + name + " (BatchNorm) has " + std::to_string(blobs.size()) + " blobs; expected: 3");
  }
  float divisor = blobs[2]->cpu_data()[0];
  for (int i = 0; i < 2; ++i) {
    blobs[i]->scale_data(divisor == 0 ? 0 : 1 / divisor);
    out->put(name, i == 0 ? "mean" : "variance", *blobs[i]);
  }
}

void dump_layer(const NetParameter& net, int l, const vector<Values>& blobs, Output* out) {
  const LayerParameter& p = net.layer(l);
  if (plain(p.name()) != p.name()) {
    std::cerr << "layer " << p.name() << " is written as " << plain(p.name()) << std::endl;
  }
  if (p.type() == "BatchNorm") return dump_batch_norm(p.name(), blobs, out);
  bool known = kinds().count(p.type()) > 0;
  if (!known) {
    std::cerr << "layer " << p.name() << " is of type " << p.type()
              << ", whose parameters have no names here; they are written as blob0, blob1 and so on" << std::endl;
  }
  for (size_t i = 0; i < blobs.size(); ++i) {
    bool named = known && i < kinds().at(p.type()).size();
    string param = named ? kinds().at(p.type())[i] : "blob" + std::to_string(i);
    bool turn = p.type() == "InnerProduct" && p.inner_product_param().transpose() && i == 0;
    out->put(p.name(), param, turn ? *transposed(*blobs[i]) : *blobs[i]);
  }
  string norm = p.type() == "Scale" ? batch_norm_before(net, l) : "";
  if (!norm.empty()) {  // one layer here
    Blob<float> none(blobs[0]->shape());
    caffe::caffe_set(none.count(), 0.f, none.mutable_cpu_data());
    out->put(norm, "scale", *blobs[0]);
    out->put(norm, "shift", blobs.size() > 1 ? *blobs[1] : none);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: " << PROGRAM << " net.prototxt weights.caffemodel out.hdf5" << std::endl;
    return 2;
  }
  FLAGS_logtostderr = true;
  FLAGS_minloglevel = google::ERROR;
  google::InitGoogleLogging(argv[0]);
  google::InstallFailureFunction(&caffe_gave_up);
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);

  NetParameter net = read_net(argv[1]);
  Weights weights = read_weights(argv[2]);
  Output out(argv[3]);
  for (int l = 0; l < net.layer_size(); ++l) {
    Weights::iterator found = weights.find(net.layer(l).name());
    if (found != weights.end()) {
      dump_layer(net, l, found->second, &out);
      weights.erase(found);
    } else if (kinds().count(net.layer(l).type()) > 0) {
      std::cerr << "layer " << net.layer(l).name() << " has no parameters in " << argv[2] << std::endl;
    }
  }
  for (Weights::iterator left = weights.begin(); left != weights.end(); ++left) {
    std::cerr << "layer " << left->first << " of " << argv[2] << " is not in the net and is left out" << std::endl;
  }
  out.finish();
  return 0;
}
