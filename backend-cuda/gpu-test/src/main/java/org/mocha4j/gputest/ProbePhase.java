package org.mocha4j.gputest;

import java.util.List;
import org.mocha4j.api.backend.Availability;
import org.mocha4j.gputest.Phase.Work;
import org.mocha4j.runtime.Catalog;
import org.mocha4j.runtime.Session;
import org.mocha4j.runtime.SessionOptions;

/** What is here: first whether the backend can be used, for otherwise nothing else is done. */
final class ProbePhase implements Work {
    @Override
    public void run(Setup setup, Report report) throws Exception {
        Catalog catalog = setup.catalog();
        Availability a = catalog.backend(setup.backend()).probe();
        report.claim("backend " + setup.backend() + (a.usable() ? " can" : " cannot") + " be used here", a.detail(),
                a.usable());
        if (!a.usable()) {
            return;
        }
        try (Session s = Session.open(catalog, SessionOptions.of(setup.backend()))) {
            report.figure("device", s.device().description());
        }
        report.figure("machine", System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                + System.getProperty("os.arch") + ", " + Runtime.getRuntime().availableProcessors()
                + " processors, heap "
                + (Runtime.getRuntime().maxMemory() >> 20) + " MiB");
        report.figure("Java", System.getProperty("java.vendor") + " " + System.getProperty("java.version"));
        report.figure("nvidia-smi", Tool.line("nvidia-smi", "--format=csv,noheader", "--query-gpu=name,driver_version,"
                + "memory.total,memory.used,clocks.max.sm,power.limit"));
        report.figure("PyTorch", Tool.torch(setup.device()).isEmpty() ? "not here" : Tool.line(
                Tool.torch(setup.device()).get(), "-c",
                        "import torch; print(torch.__version__, 'CUDA', torch.version.cuda, "
                + "'cuDNN', torch.backends.cudnn.version())"));
        List.of("compute-sanitizer", "nsys").forEach(t -> report.figure(t, Tool.find(t).orElse("not here")));
    }
}
