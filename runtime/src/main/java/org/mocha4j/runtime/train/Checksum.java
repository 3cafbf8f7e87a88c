package org.mocha4j.runtime.train;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;
import org.mocha4j.api.Array;
import org.mocha4j.api.DataType;
import org.mocha4j.api.Format.TensorFile;

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
        boolean single = a.spec().type() == DataType.FLOAT32;    // floats and doubles by their bits, integers by value
        for (int from = 0; from < a.elements(); from += CHUNK) {
            chunk.clear();
            for (int i = from; i < Math.min(a.elements(), from + CHUNK); i++) {
                if (single) {
                    chunk.putInt(Float.floatToIntBits((float) a.at(i)));
                } else {
                    chunk.putLong(Double.doubleToLongBits(a.at(i)));
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
