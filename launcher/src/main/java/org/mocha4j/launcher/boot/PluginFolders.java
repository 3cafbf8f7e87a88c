package org.mocha4j.launcher.boot;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The folders of plug-ins a user names, beside the distribution's own: {@code --plugins DIR}, which may be repeated and
 * must be known before the command line is parsed, and the environment variable {@code MOCHA_PLUGINS}, a path list.
 */
final class PluginFolders {
    private static final String OPTION = "--plugins";

    private PluginFolders() { }

    static List<Path> of(String[] args) {
        List<Path> folders = new ArrayList<>();
        String variable = System.getenv("MOCHA_PLUGINS");
        if (variable != null) {
            for (String folder : variable.split(File.pathSeparator)) {
                if (!folder.isBlank()) {
                    folders.add(Path.of(folder));
                }
            }
        }
        split(args, folders, new ArrayList<>());
        return folders;
    }

    static String[] without(String[] args) {
        List<String> rest = new ArrayList<>();
        split(args, new ArrayList<>(), rest);
        return rest.toArray(String[]::new);
    }

    private static void split(String[] args, List<Path> folders, List<String> rest) {
        for (int i = 0; i < args.length; i++) {
            if (args[i].startsWith(OPTION + "=")) {
                folders.add(Path.of(args[i].substring(OPTION.length() + 1)));
            } else if (args[i].equals(OPTION) && i + 1 < args.length) {
                folders.add(Path.of(args[++i]));
            } else {
                rest.add(args[i]);
            }
        }
    }
}
