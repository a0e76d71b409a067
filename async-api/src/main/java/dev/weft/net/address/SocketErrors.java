package dev.weft.net.address;

import io.netty.channel.ChannelException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The exceptions of sockets: of {@code java.net}'s types whatever the transport, with a message of
 * the form {@code address: reason}.
 */
public final class SocketErrors {
  /** What Netty's native transports put before the kernel's words. */
  private static final Pattern SYSTEM_CALL =
      Pattern.compile("^[\\w ()./:]*\\(\\.\\.\\) failed(?: with error\\(-?\\d+\\))?: ");

  /** By the kernel's words, as only these are the same with the JDK's selectors. */
  private static final Pattern OF_ONE_CONNECTION =
      Pattern.compile(
          "Interrupted system call|Software caused connection abort|Connection reset by peer|Protocol error"
              + "|Protocol not available|Network is (?:down|unreachable)|Host is down"
              + "|Machine is not on the network|No route to host|Operation not permitted"
              + "|Operation not supported|Connection timed out$");

  /** The JDK's words and the kernel's for a connection that a reset has ended. */
  private static final Set<String> BY_THE_PEER =
      Set.of("Connection reset", "Connection reset by peer", "Broken pipe");

  private SocketErrors() {}

  public static ConnectException connectFailed(String address, Throwable cause) {
    ConnectException exception = new ConnectException(address + ": " + reason(cause));
    exception.initCause(cause);
    return exception;
  }

  /**
   * For a name of which no address could be connected to. Of several, each is named and its failure
   * suppressed.
   */
  public static Throwable noneConnected(String name, Throwable[] failures) {
    if (failures.length == 1) {
      return failures[0];
    }
    ConnectException exception =
        new ConnectException(
            Arrays.stream(failures)
                .map(Throwable::getMessage)
                .collect(
                    Collectors.joining("; ", name + ": No address could be connected to: ", "")));
    Arrays.stream(failures).forEach(exception::addSuppressed);
    return exception;
  }

  public static BindException bindFailed(String address, Throwable cause) {
    BindException exception = new BindException(address + ": " + reason(cause));
    exception.initCause(cause);
    return exception;
  }

  /**
   * Why a connection has ended, if other than by the peer's orderly end of stream. What peers can
   * cause in thousands at once, a reset, keeps neither the cause nor a stack trace: see {@link
   * ConnectionResetException}.
   *
   * @return makes an exception for each who is to be told
   */
  public static Supplier<IOException> broken(String address, @Nullable Throwable cause) {
    if (cause == null) {
      return () -> new SocketException(address + ": Connection closed");
    }
    String reason = reason(cause);
    if (cause instanceof IOException && BY_THE_PEER.contains(reason)) {
      return () -> new ConnectionResetException(address + ": " + reason);
    }
    return () -> {
      SocketException exception = new SocketException(address + ": " + reason);
      exception.initCause(cause);
      return exception;
    };
  }

  /** For what a decoder cannot make sense of. */
  public static Supplier<IOException> undecodable(String address, Throwable cause) {
    String message = cause.getMessage();
    return () ->
        new IOException(
            address
                + ": The input cannot be decoded: "
                + (message == null ? cause.getClass().getSimpleName() : message),
            cause);
  }

  /** Whether it says that nobody listens where a datagram was sent to. */
  public static boolean isRefused(Throwable error) {
    return error instanceof PortUnreachableException || "Connection refused".equals(reason(error));
  }

  public static IOException portUnreachable(String address) {
    return new PortUnreachableException(address + ": Port unreachable");
  }

  /** For a datagram that the kernel has not taken. */
  public static IOException notSent(String address, int bytes, Throwable cause) {
    if (isRefused(cause)) {
      return portUnreachable(address);
    }
    SocketException exception =
        new SocketException(address + ": A datagram of " + bytes + " bytes: " + reason(cause));
    exception.initCause(cause);
    return exception;
  }

  public static IOException tooLong(String address, int bytes, int most) {
    return new SocketException(
        address
            + ": A datagram of "
            + bytes
            + " bytes: Message too long: "
            + most
            + " are the most that fit into one");
  }

  public static IOException emptyToPeer(String address) {
    return new SocketException(
        address
            + ": A datagram of 0 bytes: The JDK's connected sockets cannot send that: use a socket"
            + " that is only bound, or a native transport");
  }

  public static IOException wrongFamily(String address, String socket) {
    return new SocketException(
        address
            + ": Not an IPv4 address, and the socket "
            + socket
            + " is for IPv4 only: bind it to :: or another IPv6 address");
  }

  public static IOException closed(String address) {
    return new SocketException(address + ": The socket was closed by this side");
  }

  public static IOException noMemory(String address, long budget) {
    return new SocketException(
        address
            + ": No memory for another connection: the executor's sockets may have "
            + budget / 1024
            + " KiB (see Transport.driver), and those are promised or in use");
  }

  public static IOException outputShutDown(String address) {
    return new SocketException(address + ": The output was shut down by this side");
  }

  public static IOException idle(String address, Duration timeout) {
    return new SocketTimeoutException(
        address + ": Idle for longer than " + timeout.toMillis() / 1000.0 + " s");
  }

  public static IOException handshake(String address, Duration timeout) {
    return new SocketTimeoutException(
        address + ": No end of the handshake within " + timeout.toMillis() / 1000.0 + " s");
  }

  /**
   * Whether an accept has failed for a reason of the connection that it was to bring: that has gone
   * already, or Linux reports its pending errors here (accept(2)). The next one may be well.
   */
  public static boolean isOfOneConnection(Throwable error) {
    String message = error.getMessage();
    return message != null && OF_ONE_CONNECTION.matcher(message).find();
  }

  /** {@code 127.0.0.1:8080} or {@code [::1]:8080}. */
  public static String format(InetSocketAddress address) {
    InetAddress ip = address.getAddress();
    if (ip == null) {
      return address.getHostString() + ":" + address.getPort();
    }
    String host = ip.getHostAddress();
    return (ip instanceof Inet6Address ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  /** The kernel's words, without what Netty and the JDK add. */
  private static String reason(Throwable error) {
    Throwable plain = error;
    // Netty's annotated connect exceptions and its ClosedChannelExceptions hold the original one
    while (plain.getCause() != null
        && (plain instanceof ChannelException
            || plain instanceof ConnectException
            || plain instanceof ClosedChannelException)) {
      plain = plain.getCause();
    }
    String message = plain.getMessage();
    if (message == null) {
      return plain instanceof ClosedChannelException
          ? "Connection closed"
          : plain.getClass().getSimpleName();
    }
    return message.contains("(..) failed")
        ? SYSTEM_CALL.matcher(message).replaceFirst("")
        : message;
  }
}
