package org.mocha4j.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.mocha4j.api.Plugin;

/** Who may depend on whom, read from the built jars: layers, backends and formats on the API only. */
class DependencyRulesIT {
    private static final Set<String> LAYERS = Set.of("org.mocha4j.api", "org.mocha4j.initializers",
        "org.mocha4j.regularizers");
    private static final Map<String, Set<String>> MORE_THAN_API = Map.of(
        "org.mocha4j.api", Set.of(),
        "org.mocha4j.layers", LAYERS,    // docs/adr/0003: defaults of layers are records of these two
        "org.mocha4j.image", Set.of("org.mocha4j.api", "org.mocha4j.runtime"),    // docs/adr/0011
        "org.mocha4j.launcher", Set.of("org.mocha4j.api", "org.mocha4j.runtime", "org.mocha4j.image"));
    private static final Set<String> LOGGING_FREE = Set.of("org.mocha4j.api", "org.mocha4j.layers",
        "org.mocha4j.neurons",
        "org.mocha4j.initializers", "org.mocha4j.regularizers", "org.mocha4j.transformers", "org.mocha4j.solvers");

    private static List<ModuleDescriptor> ours() {
        return ModuleFinder.of(Distribution.HOME.resolve("bundles")).findAll().stream().map(ModuleReference::descriptor)
            .filter(d -> d.name().startsWith("org.mocha4j.")).toList();
    }

    @Test void bundlesDependOnTheApiOnly() {
        List<String> broken = new ArrayList<>();
        for (ModuleDescriptor d : ours()) {
            Set<String> allowed = MORE_THAN_API.getOrDefault(d.name(), Set.of("org.mocha4j.api"));
            requires(d).stream().filter(r -> r.startsWith("org.mocha4j.") && !allowed.contains(r))
                .forEach(r -> broken.add(d.name() + " -> " + r));
        }
        assertEquals(List.of(), broken);
        assertTrue(ours().size() >= 10, "all bundles are looked at");
    }

    @Test void apiAndLayersNeedNothingElse() {
        List<String> broken = new ArrayList<>();
        for (ModuleDescriptor d : ours()) {
            if (LOGGING_FREE.contains(d.name())) {
                Set<String> allowed = MORE_THAN_API.getOrDefault(d.name(), Set.of("org.mocha4j.api"));
                requires(d).stream().filter(r -> !allowed.contains(r) && !r.equals("java.base"))
                    .forEach(r -> broken.add(d.name() + " -> " + r));
            }
        }
        assertEquals(List.of(), broken);
    }

    /** Windows and screens are not needed to compute: the runtime runs where that module is missing. */
    @Test void imagesAndTheCommandAloneNeedJavaDesktop() {
        assertEquals(List.of("org.mocha4j.image", "org.mocha4j.launcher"), ours().stream()
            .filter(d -> d.requires().stream().anyMatch(r -> r.name().equals("java.desktop")))
            .map(ModuleDescriptor::name).sorted().toList());
    }

    @Test void noPackageIsInTwoBundles() {
        Map<String, String> owners = new HashMap<>();
        List<String> split = new ArrayList<>();
        for (ModuleDescriptor d : ours()) {
            for (String p : d.packages()) {
                String other = owners.put(p, d.name());
                if (other != null) {
                    split.add(p + " in " + other + " and " + d.name());
                }
                boolean jcuda = d.name().equals("org.mocha4j.cuda") && p.matches("jcuda(\\..*)?");    // docs/adr/0020
                assertTrue(jcuda || p.equals(d.name()) || p.startsWith(d.name() + "."), p + " is not under " + d.name());
            }
        }
        assertEquals(List.of(), split);
    }

    @Test void manifestAndServicesSayWhatTheDescriptorSays() throws IOException {
        int checked = 0;
        for (Path jar : Distribution.bundles()) {
            if (!jar.getFileName().toString().startsWith("mocha4j-")) {
                continue;
            }
            ModuleDescriptor d = ModuleFinder.of(jar).findAll().iterator().next().descriptor();
            try (JarFile file = new JarFile(jar.toFile())) {
                var main = file.getManifest().getMainAttributes();
                assertEquals(d.name(), main.getValue("Bundle-SymbolicName"), jar.toString());
                assertEquals(exports(d), exported(main.getValue("Export-Package")), jar.toString());
                boolean provides = d.provides().stream().anyMatch(p -> p.service().equals(Plugin.class.getName()));
                assertEquals(provides, file.getEntry("META-INF/services/" + Plugin.class.getName()) != null,
                    jar.toString());
            }
            checked++;
        }
        assertTrue(checked >= 10, "all bundles are looked at");
    }

    /** A bundle of another minor version does not resolve, instead of failing when it runs. */
    @Test void bundlesImportTheirOwnMinorVersionOnly() throws IOException {
        int checked = 0;
        for (Path jar : Distribution.bundles()) {
            try (JarFile file = new JarFile(jar.toFile())) {
                String imports = file.getManifest().getMainAttributes().getValue("Import-Package");
                Matcher ours = Pattern.compile("(org\\.mocha4j\\.[a-z.0-9]+)(;version=\"([^\"]*)\")?")
                    .matcher(imports == null ? "" : imports);
                while (ours.find()) {
                    assertEquals("[0.1,0.2)", ours.group(3), jar + " imports " + ours.group(1));
                    checked++;
                }
            }
        }
        assertTrue(checked >= 10, "all bundles are looked at");
    }

    private static Set<String> requires(ModuleDescriptor d) {
        return d.requires().stream().filter(r -> !r.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC))
            .map(ModuleDescriptor.Requires::name).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> exports(ModuleDescriptor d) {
        return d.exports().stream().filter(e -> !e.isQualified()).map(ModuleDescriptor.Exports::source)
            .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> exported(String header) {
        Set<String> packages = new TreeSet<>();
        if (header != null) {
            for (String clause : header.replaceAll("\"[^\"]*\"", "").split(",")) {
                packages.add(clause.split(";")[0].strip());
            }
        }
        return packages;
    }
}
