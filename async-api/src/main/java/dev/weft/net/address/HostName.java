package dev.weft.net.address;

import dev.weft.AsyncExecutor;
import dev.weft.frame.Settled;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Looks host names up without blocking one of the executor's workers. */
public final class HostName {
  private HostName() {}

  /**
   * Finds a host's addresses, one at least; fails with {@link UnknownHostException}.
   *
   * @param host a name, or an address in numbers, which needs no look-up
   * @param port 0..65535
   */
  public static CompletableFuture<List<InetSocketAddress>> resolve(
      AsyncExecutor executor, String host, int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("A port is a number from 0 to 65535, not " + port);
    }
    byte[] number = NetUtil.createByteArrayFromIpAddressString(host);
    if (number != null) {
      return ofNumber(host, number, port);
    }
    return executor.spawnBlocking(() -> lookUp(host, port));
  }

  /** An address that is resolved already, or a failure. */
  public static CompletableFuture<InetSocketAddress> resolved(InetSocketAddress address) {
    return address.isUnresolved()
        ? Settled.failure(unknown(address.getHostString()))
        : Settled.value(address);
  }

  private static CompletableFuture<List<InetSocketAddress>> ofNumber(
      String host, byte[] number, int port) {
    try {
      return Settled.value(List.of(new InetSocketAddress(InetAddress.getByAddress(number), port)));
    } catch (UnknownHostException impossible) { // it is 4 or 16 bytes long
      return Settled.failure(unknown(host));
    }
  }

  private static List<InetSocketAddress> lookUp(String host, int port) throws UnknownHostException {
    try {
      return Arrays.stream(InetAddress.getAllByName(host))
          .map(address -> new InetSocketAddress(address, port))
          .toList();
    } catch (UnknownHostException e) {
      throw unknown(host); // the JDK's messages differ
    }
  }

  private static UnknownHostException unknown(String host) {
    return new UnknownHostException(host + ": Unknown host");
  }
}
