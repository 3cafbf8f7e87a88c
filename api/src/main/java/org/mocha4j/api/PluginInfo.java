package org.mocha4j.api;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.util.jar.Attributes;
import java.util.jar.Manifest;

/**
 * Who a plug-in is.
 *
 * @param prefix  of its type names: {@code acme} makes {@code acme.Swish}; empty only for this project's own
 * @param version for people and snapshots
 * @param title   one line
 */
public record PluginInfo(String prefix, String version, String title) {
    public PluginInfo {
        Checks.require(prefix != null && prefix.matches("[A-Za-z0-9_]*"), "prefix", prefix, "letters and digits");
    }

    /**
     * With the version that the plug-in's own jar or bundle states in its manifest ({@code Bundle-Version} or else
     * {@code Implementation-Version}, without qualifier); {@code unknown} where there is none.
     */
    public static PluginInfo of(Class<? extends Plugin> plugin, String prefix, String title) {
        return new PluginInfo(prefix, version(plugin), title);
    }

    private static String version(Class<?> type) {
        String entry = type.getName().replace('.', '/') + ".class";
        URL url = type.getResource("/" + entry);
        if (url == null || !url.toString().endsWith(entry)) {
            return "unknown";
        }
        String text = url.toString();
        try {
            URL manifest = new URL(text.substring(0, text.length() - entry.length()) + "META-INF/MANIFEST.MF");
            URLConnection connection = manifest.openConnection();
            connection.setUseCaches(false);
            try (InputStream in = connection.getInputStream()) {
                Attributes a = new Manifest(in).getMainAttributes();
                String v = Checks.or(a.getValue("Bundle-Version"), a.getValue("Implementation-Version"));
                return v == null ? "unknown" : v.replaceFirst("^(\\d+\\.\\d+\\.\\d+)[.-].*$", "$1");
            }
        } catch (IOException e) {
            return "unknown";
        }
    }
}
