package org.mocha4j.launcher.boot;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.resource.Namespace;
import org.osgi.resource.Requirement;
import org.osgi.resource.Resource;

/** Says in words which packages a bundle that does not resolve asks for, and what there is of them. */
final class Unresolved {
    private static final Pattern PACKAGE = Pattern.compile("\\(osgi\\.wiring\\.package=([^)]+)\\)");
    private static final Pattern FROM = Pattern.compile("(?<!!)\\(version>=([^)]+)\\)");
    private static final Pattern BELOW = Pattern.compile("\\(!\\(version>=([^)]+)\\)\\)");

    private Unresolved() { }

    /** The failure itself if the bundle is resolved or packages are not what it lacks. */
    static Throwable explain(Bundle bundle, Framework framework, Throwable failure) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        if (revision == null || revision.getWiring() != null) {
            return failure;
        }
        FrameworkWiring wiring = framework.adapt(FrameworkWiring.class);
        List<String> missing = new ArrayList<>();
        for (BundleRequirement r : revision.getDeclaredRequirements(PackageNamespace.PACKAGE_NAMESPACE)) {
            String filter = r.getDirectives().getOrDefault(Namespace.REQUIREMENT_FILTER_DIRECTIVE, "");
            Matcher name = PACKAGE.matcher(filter);
            boolean needed = r.getDirectives().get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE) == null;  // neither optional nor dynamic
            if (needed && name.find() && wiring.findProviders(r).isEmpty()) {
                missing.add(name.group(1) + wanted(filter) + ", " + there(wiring, name.group(1)));
            }
        }
        return missing.isEmpty() ? failure : new BundleException(bundle.getSymbolicName() + " "
            + bundle.getVersion() + " needs packages that are not there: " + String.join("; ", missing)
            + ". Take the version of it that was made for this Mocha4J, or add what it needs", BundleException.RESOLVE_ERROR);
    }

    private static String wanted(String filter) {
        Matcher from = FROM.matcher(filter);
        Matcher below = BELOW.matcher(filter);
        return (from.find() ? " from " + from.group(1) : "") + (below.find() ? " to below " + below.group(1) : "");
    }

    private static String there(FrameworkWiring wiring, String name) {
        TreeSet<String> versions = new TreeSet<>();
        Collection<BundleCapability> all = wiring.findProviders(new Any(name));
        all.forEach(c -> versions.add(String.valueOf(c.getAttributes().get(Constants.VERSION_ATTRIBUTE))));
        return versions.isEmpty() ? "which nothing exports" : "which is there as " + String.join(" and ", versions);
    }

    /** A package in any version. */
    private record Any(String name) implements Requirement {
        @Override public String getNamespace() {
            return PackageNamespace.PACKAGE_NAMESPACE;
        }

        @Override public Map<String, String> getDirectives() {
            return Map.of(Namespace.REQUIREMENT_FILTER_DIRECTIVE, "(osgi.wiring.package=" + name + ")");
        }

        @Override public Map<String, Object> getAttributes() {
            return Map.of();
        }

        @Override public Resource getResource() {
            return null;
        }
    }
}
