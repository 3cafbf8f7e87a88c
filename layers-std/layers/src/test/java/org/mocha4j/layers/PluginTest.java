package org.mocha4j.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mocha4j.api.Format;
import org.mocha4j.api.Plugin;
import org.mocha4j.api.PluginInfo;
import org.mocha4j.api.Registrar;
import org.mocha4j.api.backend.Backend;
import org.mocha4j.api.backend.Kernel;
import org.mocha4j.initializers.InitializersPlugin;
import org.mocha4j.regularizers.RegularizersPlugin;

class PluginTest {
    @Test
    void registersEveryType() {
        assertEquals(List.of("MemoryData", "Convolution", "Pooling", "InnerProduct", "Softmax", "SoftmaxLoss",
                "Accuracy", "Dropout", "BatchNorm", "Split", "Concat", "MemoryOutput", "LRN",
                "Argmax", "ChannelPooling", "Crop", "ElementWise", "Power", "Reshape", "MultinomialLogisticLoss",
                "TiedInnerProduct", "Identity", "RandomMask", "Index2Onehot", "SquareLoss", "BinaryCrossEntropyLoss",
                "HingeLoss", "SoftlabelSoftmaxLoss", "GaussianKLLoss", "WassersteinLoss", "BinaryAccuracy"),
                types(new LayersPlugin()));
        assertEquals(List.of("Null", "Constant", "Xavier", "Gaussian", "Orthogonal", "Uniform", "MSRA"),
                types(new InitializersPlugin()));
        assertEquals(List.of("No", "L2", "L1", "L2Norm"), types(new RegularizersPlugin()));
    }

    @Test
    void theVersionIsTheBundles() {
        PluginInfo info = new LayersPlugin().info();
        assertTrue(info.version().matches("\\d+\\.\\d+\\.\\d+"), info.toString());
        assertEquals("Standard layers", info.title());
        assertEquals("", info.prefix());
    }

    private static List<String> types(Plugin p) {
        List<String> names = new ArrayList<>();
        p.register(new Registrar() {
            @Override
            public void types(Class<?>... types) {
                for (Class<?> t : types) {
                    names.add(t.getSimpleName());
                }
            }

            @Override
            public void backend(Backend backend) {
                throw new AssertionError();
            }

            @Override
            public void kernels(String backend, Kernel<?>... kernels) {
                throw new AssertionError();
            }

            @Override
            public void format(Format format) {
                throw new AssertionError();
            }
        });
        return names;
    }
}
