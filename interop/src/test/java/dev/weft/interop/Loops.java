package dev.weft.interop;

import dev.weft.WorkStealingExecutor;
import dev.weft.net.Transport;
import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** What the tests share: an executor, and the classes of its channels. */
final class Loops {
  /** For what comes at once on a machine that is not busy. */
  static final int SECONDS = 60;

  private Loops() {}

  static WorkStealingExecutor executor() {
    return WorkStealingExecutor.builder().name(NAME).workers(2).build();
  }

  private static final String NAME = "interop";

  /** Whether this is one of the executor's workers. */
  static boolean isWorker(String thread) {
    return thread.startsWith(NAME + "-worker-");
  }

  static Class<? extends Channel> socketType(WorkStealingExecutor executor) {
    Channel one = Transport.of(executor).newSocket();
    one.unsafe().closeForcibly();
    return one.getClass();
  }

  static Class<? extends ServerChannel> serverSocketType(WorkStealingExecutor executor) {
    ServerChannel one = Transport.of(executor).newServerSocket();
    one.unsafe().closeForcibly();
    return one.getClass();
  }

  /** A key and a certificate of localhost in a file, made by the JDK's keytool. */
  static Path keyStore(Path folder, String password) throws Exception {
    Path file = folder.resolve("localhost.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "localhost",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                password,
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    if (!keytool.waitFor(SECONDS, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      throw new AssertionError("keytool has failed: see keytool.log in " + folder);
    }
    return file;
  }
}
