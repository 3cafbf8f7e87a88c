package org.mocha4j.gputest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Another program: what it said, both streams together, and how it ended. */
record Tool(int code, String said) {
    /** @return empty if there is no such program */
    static Optional<Tool> run(Map<String, String> environment, List<String> command) throws InterruptedException {
        System.out.println(String.join(" ", command));
        Optional<Tool> t = quietly(environment, command);
        t.ifPresent(done -> System.out.println(done.said));
        return t;
    }

    private static Optional<Tool> quietly(Map<String, String> environment, List<String> command)
            throws InterruptedException {
        try {
            ProcessBuilder b = new ProcessBuilder(command).redirectErrorStream(true);
            b.environment().putAll(environment);
            Process p = b.start();
            p.getOutputStream().close();
            String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Optional.of(new Tool(p.waitFor(), said.strip()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static Optional<Tool> run(String... command) throws InterruptedException {
        return run(Map.of(), List.of(command));
    }

    /** What a command says, in one line; its failure, or that it is not there. */
    static String line(String... command) throws InterruptedException {
        return run(command).map(t -> t.code == 0 ? String.join("; ", t.said.lines().toList()) : "fails: "
                + t.lastLine())
                .orElse("not here");
    }

    String lastLine() {
        return said.lines().reduce("", (a, b) -> b);
    }

    /** The folders of CUDA's libraries that came with PyTorch of PyPI, apart by colons. */
    static String librariesOfPython() throws InterruptedException {
        String text = "import glob, sys; print(':'.join(sorted({f for p in sys.path if p for f in "
                + "glob.glob(p + '/nvidia/*/lib')})))";
        return quietly(Map.of(), List.of("python3", "-c", text)).filter(t -> t.code == 0).map(Tool::lastLine).orElse("");
    }

    /** A program of the toolkit: on the PATH, or where toolkits are installed. */
    static Optional<String> find(String name) {
        Stream<String> folders = Stream.concat(Stream.of(System.getenv().getOrDefault("PATH", "").split(":")),
                Stream.of("/usr/local/cuda/bin", "/usr/local/cuda/compute-sanitizer"));
        return folders.filter(f -> !f.isEmpty()).map(f -> Path.of(f, name)).filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    /** A Python that has PyTorch, and where {@code cuda} is asked for, one that sees the device. */
    static Optional<String> torch(boolean cuda) throws InterruptedException {
        String check = "import torch" + (cuda ? "; assert torch.cuda.is_available()" : "");
        for (String python : List.of("python3", "/usr/bin/python3", "/opt/conda/bin/python3", "python")) {
            if (run(python, "-c", check).filter(t -> t.code == 0).isPresent()) {
                return Optional.of(python);
            }
        }
        return Optional.empty();
    }
}
