package org.mocha4j.api.backend;

import java.util.List;
import org.mocha4j.api.HostKernel;
import org.mocha4j.api.HostTensor;

/** An op's host kernel between a download of its inputs and an upload of its outputs; all buffers are PLAIN. */
public record HostStep(Device device, HostKernel kernel, List<Buffer> inputs, List<HostTensor> hostInputs,
                       List<Buffer> outputs, List<HostTensor> hostOutputs) implements Step {
    @Override
    public void run() {
        for (int i = 0; i < inputs.size(); i++) {
            device.download(inputs.get(i), hostInputs.get(i));
        }
        kernel.run(hostInputs, hostOutputs);
        for (int i = 0; i < outputs.size(); i++) {
            device.upload(hostOutputs.get(i), outputs.get(i));
        }
    }
}
