package jcuda;

import org.mocha4j.cuda.internal.Natives;

/**
 * What JCuda's classes ask to load their native libraries, in place of JCuda's own class of this name. That one unpacks
 * them to a name in the temporary folder that others can foresee, and so could prepare.
 */
public final class LibUtils {
    /** Systems that JCuda tells apart. */
    public enum OSType { ANDROID, APPLE, LINUX, SUN, WINDOWS, UNKNOWN }

    private LibUtils() {
    }

    /** The one that there are libraries for. */
    public static OSType calculateOS() {
        return OSType.LINUX;
    }

    /** The name of the library for this machine. */
    public static String createPlatformLibraryName(String library) {
        return library + "-linux-x86_64";
    }

    /** @throws UnsatisfiedLinkError if it cannot be loaded */
    public static void loadLibrary(String library, String... needed) {
        Natives.require(library);
    }
}
