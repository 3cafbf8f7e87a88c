import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes a module's descriptor the only declaration of its bundle: from {@code module-info.class} it writes
 * {@code META-INF/services} for the class path and the bnd instructions for OSGi.
 *
 * <p>Usage: {@code java BundleDeclaration.java BASEDIR VERSION}, run by the root pom at process-classes.
 * Mapping: module name = symbolic name; unqualified exports = exported packages, at the project's version;
 * {@code requires static} = optional import; with {@code requires static osgi.core} a class named
 * {@code Activator}, if there is one, is the bundle's activator; {@code provides} = service files and the capability {@code osgi.serviceloader}, which the extender
 * in {@code org.mocha4j.runtime} honours.
 */
final class BundleDeclaration {
    private BundleDeclaration() { }

    public static void main(String[] args) throws IOException {
        Path base = Path.of(args[0]);
        String version = args[1];
        Path classes = base.resolve("target/classes");
        ModuleDescriptor module;
        try (var in = Files.newInputStream(classes.resolve("module-info.class"))) {
            module = ModuleDescriptor.read(in);
        }
        if (Files.exists(base.resolve("src/main/resources/META-INF/services"))) {
            throw new IllegalStateException(base + ": src/main/resources/META-INF/services must not exist; "
                + "declare the service in module-info.java with 'provides'");
        }
        writeServices(module, classes.resolve("META-INF/services"));
        Path bnd = base.resolve("target/bundle.bnd");
        String text = instructions(module, version, classes);
        if (!Files.exists(bnd) || !Files.readString(bnd).equals(text)) {
            Files.writeString(bnd, text);
        }
    }

    private static void writeServices(ModuleDescriptor module, Path folder) throws IOException {
        if (Files.exists(folder)) {                              // a provider that was removed must not stay
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path p : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(p);
                }
            }
        }
        for (ModuleDescriptor.Provides p : module.provides()) {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(p.service()), String.join("\n", p.providers()) + "\n");
        }
    }

    private static String instructions(ModuleDescriptor module, String version, Path classes)
        throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("Bundle-SymbolicName: " + module.name());
        lines.add("Implementation-Version: " + version);
        lines.add("-noextraheaders: true");
        lines.add("-noimportjava: true");
        lines.add("-metainf-services: none");
        String exports = module.exports().stream().filter(e -> !e.isQualified()).map(e -> e.source()).sorted()
            .map(p -> p + ";version=\"" + version.replace("-SNAPSHOT", "") + "\"").collect(Collectors.joining(", "));
        if (!exports.isEmpty()) {
            lines.add("Export-Package: " + exports);
        }
        String hidden = packages(classes).stream().filter(p -> module.exports().stream()
            .noneMatch(e -> !e.isQualified() && e.source().equals(p))).collect(Collectors.joining(", "));
        if (!hidden.isEmpty()) {
            lines.add("Private-Package: " + hidden);
        }
        TreeSet<String> imports = new TreeSet<>();
        for (ModuleDescriptor.Requires r : module.requires()) {
            if (r.name().equals("org.slf4j")) {
                imports.add("org.slf4j.*;version=\"[1.7,3)\"");  // what Karaf and Equinox offer
            } else if (r.modifiers().contains(Modifier.STATIC)) {
                imports.add((r.name().equals("osgi.core") ? "org.osgi.*" : r.name() + ".*") + ";resolution:=optional");
            }
            if (r.name().equals("osgi.core")) {
                activator(classes).ifPresent(name -> lines.add("Bundle-Activator: " + name));
            }
        }
        imports.add("org.mocha4j.*;version=\"" + sameMinor(version) + "\"");
        imports.add("~*");
        lines.add("Import-Package: " + String.join(", ", imports).replace("~*", "*"));
        if (!module.provides().isEmpty()) {
            lines.add("Provide-Capability: " + module.provides().stream().map(p -> p.service()).sorted()
                .map(s -> "osgi.serviceloader;osgi.serviceloader=\"" + s + "\"").collect(Collectors.joining(", ")));
        }
        return String.join("\n", lines) + "\n";
    }

    /** Before 1.0 every minor version may break what the one before promised, so bundles take no other. */
    private static String sameMinor(String version) {
        String[] parts = version.replace("-SNAPSHOT", "").split("\\.");
        return "[" + parts[0] + "." + parts[1] + "," + parts[0] + "." + (Integer.parseInt(parts[1]) + 1) + ")";
    }

    private static TreeSet<String> packages(Path classes) throws IOException {
        try (Stream<Path> files = Files.walk(classes)) {
            return files.filter(p -> p.toString().endsWith(".class") && !p.getParent().equals(classes))
                .map(p -> name(classes, p.getParent())).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Optional<String> activator(Path classes) throws IOException {
        try (Stream<Path> files = Files.walk(classes)) {
            List<Path> found = files.filter(p -> p.endsWith("Activator.class")).toList();
            if (found.size() > 1) {
                throw new IllegalStateException("more than one bundle activator: " + found);
            }
            return found.stream().findFirst().map(p -> name(classes, p).replaceAll("\\.class$", ""));
        }
    }

    private static String name(Path classes, Path p) {
        return classes.relativize(p).toString().replace(File.separatorChar, '.');
    }
}
