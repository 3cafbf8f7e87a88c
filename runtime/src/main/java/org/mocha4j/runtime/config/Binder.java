package org.mocha4j.runtime.config;

import java.nio.file.Path;
import org.mocha4j.runtime.Catalog;

/**
 * Turns trees into configuration records.
 *
 * <ul>
 * <li>A primitive component is required; any other may be left out or null, and is null then.
 * <li>A record is a map of its components; or a list of them in order ({@code kernel: [5, 3]}); or a scalar, if the
 *     record has a public static {@code of} for it ({@code kernel: 5}).
 * <li>The fields of a component marked {@code @Flat} stand in the map around it. If its type is a role, so does the
 *     {@code type} that chooses the record.
 * <li>A role is a map with a {@code type} and the fields of that record; or only the name of the type; or a number, if
 *     the role has a public static {@code of(double)}.
 * <li>An {@code Array} is a number, a list, nested lists, the name of a file (dataset {@code mean}) or
 *     {@code {file: …, dataset: …}}; numbers are taken as float64. Files are relative to the binder's folder.
 * <li>Enumerations by name in any case, with or without hyphens; lists, where a single scalar is a list of one; maps
 *     by text. {@code Path} stays as it is written.
 * </ul>
 *
 * Nothing is thrown for what a tree says: all problems are collected, those of the records' constructors too.
 */
public final class Binder {
    private final Catalog catalog;
    private final Path base;

    /** @param base the folder that relative file names start from */
    public Binder(Catalog catalog, Path base) {
        this.catalog = catalog;
        this.base = base;
    }

    /** Binds a tree to a record. Of the record's own lists, the items that are in order are there despite problems. */
    public <T extends Record> Bound<T> bind(Class<T> type, Tree tree) {
        Binding binding = new Binding(catalog, base);
        Object value = binding.records.bindRoot(type, tree);
        return new Bound<>(value == Binding.FAILED ? null : type.cast(value), binding.problems, binding.positions);
    }
}
