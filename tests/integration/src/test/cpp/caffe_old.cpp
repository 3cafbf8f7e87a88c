// caffe_old 0|1 weights.caffemodel old.caffemodel
//
// Rewrites the weights that Caffe 1.0 saved as its generation 0 (layers { layer { type: "conv" } }) or 1 (layers with
// types as numbers) had them: under `layers`, shapes as num, channels, height and width, biases as 1 x 1 x 1 x N.

#include <map>
#include <string>

#include "caffe/caffe.hpp"
#include "caffe/util/io.hpp"

using caffe::BlobProto;
using caffe::V1LayerParameter;

struct OldType {
  V1LayerParameter::LayerType v1;
  const char* v0;
};

static void copy(const BlobProto& from, BlobProto* to) {
  int dims[4] = {1, 1, 1, 1};
  int rank = from.shape().dim_size();
  CHECK_LE(rank, 4);
  for (int i = 0; i < rank; ++i) dims[4 - rank + i] = static_cast<int>(from.shape().dim(i));
  to->set_num(dims[0]);
  to->set_channels(dims[1]);
  to->set_height(dims[2]);
  to->set_width(dims[3]);
  to->mutable_data()->CopyFrom(from.data());
}

int main(int argc, char** argv) {
  google::InitGoogleLogging(argv[0]);
  CHECK_EQ(argc, 4) << "usage: caffe_old 0|1 weights.caffemodel old.caffemodel";
  bool v0 = std::string(argv[1]) == "0";
  std::map<std::string, OldType> types = {
      {"Convolution", {V1LayerParameter::CONVOLUTION, "conv"}},
      {"InnerProduct", {V1LayerParameter::INNER_PRODUCT, "innerproduct"}}};
  caffe::NetParameter from, to;
  CHECK(caffe::ReadProtoFromBinaryFile(argv[2], &from)) << argv[2];
  for (int l = 0; l < from.layer_size(); ++l) {
    const caffe::LayerParameter& layer = from.layer(l);
    if (layer.blobs_size() == 0) continue;
    CHECK(types.count(layer.type())) << layer.type();
    V1LayerParameter* old = to.add_layers();
    if (v0) {
      old->mutable_layer()->set_name(layer.name());
      old->mutable_layer()->set_type(types[layer.type()].v0);
    } else {
      old->set_name(layer.name());
      old->set_type(types[layer.type()].v1);
    }
    for (int b = 0; b < layer.blobs_size(); ++b) {
      copy(layer.blobs(b), v0 ? old->mutable_layer()->add_blobs() : old->add_blobs());
    }
  }
  caffe::WriteProtoToBinaryFile(to, argv[3]);
  return 0;
}
