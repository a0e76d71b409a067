package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.internal.PlatformDependent;
import java.util.Random;

/**
 * Messages of many sizes come back from an echo with epoll. Also a program, since how native code
 * gets at the memory of a buffer is decided once in a JVM.
 */
final class EchoBySizes {
  private EchoBySizes() {}

  /** Says how it was. */
  public static void main(String[] args) throws Exception {
    run();
    System.out.println("well, with Unsafe: " + PlatformDependent.hasUnsafe());
  }

  static void run() throws Exception {
    try (Pair pair = Pair.open(Ground.EPOLL)) {
      pair.executor.spawn(() -> Net.echo(pair.stream));
      for (int size : new int[] {1, 64, 511, 2048, 2049, 16384, 40_000, 100_000, 1}) {
        byte[] message = new byte[size];
        new Random(size).nextBytes(message);
        pair.send(message);
        assertThat(pair.peer.getInputStream().readNBytes(size)).isEqualTo(message);
      }
    }
  }
}
