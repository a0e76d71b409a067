package dev.weft.net;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether this package and its rooms can be linked with the Netty that is on the class path. An
 * application may have another one for reasons of its own (Spring Boot 3 brings 4.1), or none, or
 * parts of one, and then everything but sockets is to work, and a socket is to say what is missing.
 *
 * <p>So this class knows Netty's by their names alone, and is asked before anything that names them
 * in earnest: by {@link SocketDriverProvider}, and by the ways in ({@link TcpStream#connect},
 * {@link TcpListener#bind}, {@link Transport}). Those classes must be such that the verifier
 * accepts them without Netty: a Netty object may be handed on there only as the type that it is
 * declared with, since the verifier loads both classes to see whether one is the other.
 */
final class NettyRequirement {
  /**
   * The least version: what they are built with. 4.2.17 lacks what io_uring needs, 4.2.10 what
   * epoll needs, and 4.1 the whole of it.
   */
  static final String NEEDED = "4.2.18";

  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+)(\\..*)?");

  /** What each of Netty's artifacts says of itself. */
  private static final String VERSIONS = "META-INF/io.netty.versions.properties";

  private static final List<String> ARTIFACTS =
      List.of("netty-transport", "netty-buffer", "netty-common");

  /** A class of each of them that needs nothing to be initialized. */
  private static final List<String> REPRESENTATIVES =
      List.of("io.netty.channel.Channel", "io.netty.buffer.ByteBuf", "io.netty.util.Timer");

  /**
   * Classes that stand for the rest: of Netty 4.2, and those of these packages that extend them.
   */
  private static final List<String> CLASSES =
      List.of(
          "io.netty.channel.IoEventLoopGroup",
          "io.netty.channel.nio.NioIoHandler",
          "io.netty.buffer.UnpooledByteBufAllocator",
          "dev.weft.net.loop.SocketThread",
          "dev.weft.net.loop.SocketDriver",
          "dev.weft.net.loop.WorkerEventLoop",
          "dev.weft.net.loop.WorkerEventLoopGroup");

  /** What of netty-handler is used. */
  private static final String TLS = "io.netty.handler.ssl.SslHandler";

  private static final @Nullable String PROBLEM =
      problemOf(NettyRequirement.class.getClassLoader());

  private NettyRequirement() {}

  /** Why there can be no sockets, in a sentence that names the versions; null if there can. */
  static @Nullable String problem() {
    return PROBLEM;
  }

  /**
   * Does nothing if there can be sockets.
   *
   * @throws IllegalStateException else, with that sentence
   */
  static void check() {
    if (PROBLEM != null) {
      throw new IllegalStateException(PROBLEM);
    }
  }

  /**
   * Does nothing if there can be TLS.
   *
   * @throws IllegalStateException else, with a sentence that says what to add
   */
  static void checkTls() {
    check();
    try {
      Class.forName(TLS, true, NettyRequirement.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError missing) {
      throw new IllegalStateException(
          "TLS (dev.weft.net) needs io.netty:netty-handler "
              + NEEDED
              + " or a later 4.x on the class path, beside netty-transport: "
              + missing,
          missing);
    }
  }

  private static @Nullable String problemOf(@Nullable ClassLoader loader) {
    // To look through every jar takes longer than all else in here, so only if there is a doubt.
    Map<String, String> versions = manifestsAreEnough(loader) ? Map.of() : versions(loader);
    for (String artifact : ARTIFACTS) {
      String version = versions.get(artifact);
      if (version != null && !isEnough(version)) {
        return sentence(
            artifact + " " + version,
            "set the version of all its io.netty artifacts to a later one");
      }
    }
    for (String name : CLASSES) {
      try {
        Class.forName(name, true, loader);
      } catch (ClassNotFoundException | LinkageError missing) {
        return sentence(
            found(versions(loader), missing),
            "add io.netty:netty-transport and what it depends on");
      }
    }
    return null;
  }

  /**
   * Whether the jars that the classes come from say so. Those of a module or of one big jar do not.
   */
  private static boolean manifestsAreEnough(@Nullable ClassLoader loader) {
    for (String name : REPRESENTATIVES) {
      try {
        Package itsOwn = Class.forName(name, false, loader).getPackage();
        String version = itsOwn == null ? null : itsOwn.getImplementationVersion();
        if (version == null || !isEnough(version)) {
          return false;
        }
      } catch (ClassNotFoundException | LinkageError missing) {
        return false;
      }
    }
    return true;
  }

  private static String sentence(String found, String remedy) {
    return "Sockets (dev.weft.net) need Netty "
        + NEEDED
        + " or a later 4.x, and this application has "
        + found
        + " on its class path: "
        + remedy;
  }

  private static String found(Map<String, String> versions, Throwable missing) {
    if (versions.isEmpty() && missing instanceof ClassNotFoundException) {
      return "no Netty";
    }
    String version =
        versions.isEmpty() ? "a Netty of unknown version" : "Netty " + firstOf(versions);
    return version + " without " + String.valueOf(missing.getMessage()).replace('/', '.');
  }

  private static String firstOf(Map<String, String> versions) {
    return versions.values().iterator().next();
  }

  /** True for {@link #NEEDED} and what follows it within the same major version. */
  static boolean isEnough(String version) {
    Matcher found = VERSION.matcher(version);
    Matcher needed = VERSION.matcher(NEEDED);
    if (!found.matches() || !needed.matches() || !found.group(1).equals(needed.group(1))) {
      return false;
    }
    int minor = Integer.compare(number(found, 2), number(needed, 2));
    return minor > 0 || (minor == 0 && number(found, 3) >= number(needed, 3));
  }

  private static int number(Matcher version, int group) {
    return Integer.parseInt(version.group(group));
  }

  /** Of each artifact, that which comes first on the class path, and so is used. */
  private static Map<String, String> versions(@Nullable ClassLoader loader) {
    Map<String, String> versions = new LinkedHashMap<>();
    try {
      for (URL url :
          Collections.list(
              loader == null
                  ? ClassLoader.getSystemResources(VERSIONS)
                  : loader.getResources(VERSIONS))) {
        Properties properties = new Properties();
        try (InputStream in = url.openStream()) {
          properties.load(in);
        }
        properties.forEach(
            (key, value) -> {
              String name = key.toString();
              if (name.startsWith("netty-") && name.endsWith(".version")) {
                versions.putIfAbsent(
                    name.substring(0, name.length() - ".version".length()), value.toString());
              }
            });
      }
    } catch (IOException | IllegalArgumentException unreadable) {
      // then what can be linked decides
    }
    return versions;
  }
}
