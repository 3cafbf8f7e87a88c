package org.mocha4j.launcher.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.mocha4j.api.ConfigurationException;

/** The images that a person names: files, and folders for all images in and below them. */
final class ImageFiles {
    private ImageFiles() { }

    /**
     * In the order given, those of a folder by name.
     *
     * @throws ConfigurationException if there is no such file, or a folder has no images
     */
    static List<Path> find(List<Path> given) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path p : given) {
            if (Files.notExists(p)) {
                throw new ConfigurationException(p + " does not exist; expected: an image or a folder of images");
            }
            if (Files.isDirectory(p)) {
                found.addAll(below(p));
            } else {
                found.add(p);
            }
        }
        return found;
    }

    private static List<Path> below(Path folder) throws IOException {
        List<String> endings = Stream.of(ImageIO.getReaderFileSuffixes()).filter(s -> !s.isEmpty())
            .map(s -> "." + s.toLowerCase(Locale.ROOT)).distinct().sorted().toList();
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> images = files.filter(Files::isRegularFile).filter(f -> {
                String name = f.getFileName().toString().toLowerCase(Locale.ROOT);
                return !name.startsWith(".") && endings.stream().anyMatch(name::endsWith);
            }).sorted().toList();
            if (images.isEmpty()) {
                throw new ConfigurationException("folder " + folder + " has no images; expected: files that end in "
                    + endings.stream().collect(Collectors.joining(", ")));
            }
            return images;
        }
    }
}
