package org.mocha4j.launcher.boot;

import java.nio.file.Path;
import java.util.function.ToIntFunction;

/**
 * What the {@code mocha} script runs: answers {@code --version} at once, and anything else by booting the framework and
 * handing the arguments to the command inside it.
 */
public final class Main {
    static final int FAILURE = 1;

    private Main() { }

    public static void main(String[] args) {
        if (args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"))) {
            System.out.println("mocha " + version() + " (Java " + System.getProperty("java.version") + ")");
            return;
        }
        System.exit(run(args));                                  // threads that others left running must not keep the JVM
    }

    static int run(String[] args) {
        try (Container container = Container.start(Path.of(System.getProperty("mocha.home")),
                PluginFolders.of(args))) {
            ToIntFunction<String[]> command = container.command();
            return command.applyAsInt(PluginFolders.without(args));
        } catch (Exception e) {
            System.err.println("mocha: " + e.getMessage());
            if (Boolean.getBoolean("mocha.debug")) {
                e.printStackTrace();
            }
            return FAILURE;
        }
    }

    private static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "(unpacked)" : version;
    }
}
