package org.mocha4j.runtime.train;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;
import org.mocha4j.api.Array;
import org.mocha4j.api.Format.TensorFile;
import org.mocha4j.api.HostTensor;

/** SHA-256 over the names, types, shapes and bits of all tensors and over all attributes but the checksum itself. */
final class Checksum {
    /** The attribute that holds it. */
    static final String ATTRIBUTE = "checksum";
    private static final int CHUNK = 8192;

    private Checksum() {
    }

    static String of(TensorFile file) {
        MessageDigest digest = sha256();
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK * Long.BYTES);
        new TreeMap<>(file.tensors()).forEach((name, array) -> {
            text(digest, name);
            text(digest, array.spec().toString());
            bits(digest, array, chunk);
        });
        new TreeMap<>(file.attributes()).forEach((name, value) -> {
            if (!name.equals(ATTRIBUTE)) {
                text(digest, name);
                text(digest, value);
            }
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void text(MessageDigest digest, String s) {
        byte[] bytes = s.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
    }

    private static void bits(MessageDigest digest, Array a, ByteBuffer chunk) {
        HostTensor t = HostTensor.allocate(a.spec());
        a.copyTo(t);
        for (int from = 0; from < t.elements(); from += CHUNK) {
            chunk.clear();
            for (int i = from; i < Math.min(t.elements(), from + CHUNK); i++) {
                switch (a.spec().type()) {
                    case FLOAT32 -> chunk.putInt(Float.floatToRawIntBits(t.floats()[i]));
                    case FLOAT64 -> chunk.putLong(Double.doubleToRawLongBits(t.doubles()[i]));
                    case INT32 -> chunk.putInt((int) t.get(i));
                    case INT64 -> chunk.putLong(t.longs()[i]);
                }
            }
            digest.update(chunk.flip());
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
