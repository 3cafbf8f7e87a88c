package org.mocha4j.layers;

import org.mocha4j.api.Plugin;
import org.mocha4j.api.PluginInfo;
import org.mocha4j.api.Registrar;

/** The standard layers. */
public final class LayersPlugin implements Plugin {
    @Override
    public PluginInfo info() {
        return PluginInfo.of(LayersPlugin.class, "", "Standard layers");
    }

    @Override
    public void register(Registrar r) {
        r.types(MemoryData.class, Convolution.class, Pooling.class, InnerProduct.class, Softmax.class,
                SoftmaxLoss.class, Accuracy.class, Dropout.class, BatchNorm.class, Split.class, Concat.class,
                MemoryOutput.class, LRN.class, Argmax.class, ChannelPooling.class, Crop.class, ElementWise.class,
                Power.class, Reshape.class, MultinomialLogisticLoss.class, TiedInnerProduct.class, Identity.class,
                RandomMask.class, Index2Onehot.class, SquareLoss.class, BinaryCrossEntropyLoss.class, HingeLoss.class,
                SoftlabelSoftmaxLoss.class, GaussianKLLoss.class, WassersteinLoss.class, BinaryAccuracy.class);
    }
}
