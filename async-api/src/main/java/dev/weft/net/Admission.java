package dev.weft.net;

import dev.weft.net.loop.SocketDriver;
import dev.weft.net.memory.MemoryBudget;
import dev.weft.net.memory.MemoryGroup;
import dev.weft.net.poll.ChannelEnd;
import io.netty.channel.socket.SocketChannel;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which of the connections that the kernel has accepted are let in: within the limits of {@link
 * ListenOptions}, and if the memory of the executor has a piece for it.
 *
 * <p>One for which there is no place waits here (with NIO and io_uring a few come at once before
 * the listener can stop them) and has nothing but its descriptor; the listener asks the kernel for
 * no more meanwhile. Or it is refused, as the options say.
 *
 * <p>Confined to the loop of the listener.
 */
final class Admission {
  private final TcpListener listener;
  private final SocketDriver driver;
  private final ListenOptions options;
  private final @Nullable MemoryGroup group;
  private final Consumer<TcpStream> admitted;
  private final Runnable onRoom;
  private final Runnable memoryWaiter = this::memoryMayBeFree;
  private final ArrayDeque<SocketChannel> held = new ArrayDeque<>(0);
  private final Map<InetAddress, Integer> perAddress = new HashMap<>();
  private int open;
  private boolean awaitsMemory;
  private boolean admitting;

  /** Whether it was logged of those that wait. */
  private boolean saidFull;

  private boolean ended;

  /**
   * Lets nobody in yet.
   *
   * @param admitted takes each connection that is let in
   * @param onRoom called when there is a place again
   */
  Admission(
      TcpListener listener,
      SocketDriver driver,
      ListenOptions options,
      Consumer<TcpStream> admitted,
      Runnable onRoom) {
    this.listener = listener;
    this.driver = driver;
    this.options = options;
    this.group =
        options.memoryLimit() == Long.MAX_VALUE ? null : new MemoryGroup(options.memoryLimit());
    this.admitted = admitted;
    this.onRoom = onRoom;
  }

  /** Whether the kernel is to keep further connections. */
  boolean isFull() {
    return !held.isEmpty() || (!refuses() && open >= options.maxConnections());
  }

  private boolean refuses() {
    return options.whenFull() == ListenOptions.WhenFull.REFUSE;
  }

  /** Lets a connection in, now or when there is a place, or refuses it. */
  void offer(SocketChannel accepted) {
    if (ended) {
      close(accepted);
      return;
    }
    if (held.isEmpty() && tryAdmit(accepted)) {
      return;
    }
    held.add(accepted);
  }

  /** There may be a place again. */
  private void admitHeld() {
    if (admitting) {
      return; // one that was closed by whom it was handed to; who admits looks on
    }
    admitting = true;
    try {
      for (SocketChannel next; (next = held.poll()) != null; ) {
        if (!tryAdmit(next)) {
          held.addFirst(next);
          break;
        }
      }
    } finally {
      admitting = false;
    }
    saidFull &= !held.isEmpty();
    onRoom.run();
  }

  /** No more are let in; those that wait are closed. */
  void end() {
    ended = true;
    stopWaiting();
    held.forEach(this::close);
    held.clear();
  }

  /** False if it has to wait. */
  private boolean tryAdmit(SocketChannel accepted) {
    InetSocketAddress remote = accepted.remoteAddress();
    if (remote == null) { // gone already
      close(accepted);
      return true;
    }
    InetAddress address = plain(remote.getAddress());
    if (perAddress.getOrDefault(address, 0) >= options.maxPerAddress()) {
      refuse(accepted, remote, "it has " + options.maxPerAddress() + " open (maxPerAddress)");
      return true;
    }
    if (open >= options.maxConnections()) {
      return refuseOrWait(accepted, remote, open + " are open (maxConnections)");
    }
    SocketDriver home = nextHome();
    if (home == null) { // they are being closed, and the listener with them
      close(accepted);
      return true;
    }
    switch (ask(home)) {
      case LATER -> {
        return false;
      }
      case NO -> {
        return refuseOrWait(accepted, remote, "no memory for it (memoryLimit, Transport.driver)");
      }
      case PROMISED -> admit(accepted, home, remote, address);
    }
    return true;
  }

  /** Asks again once it is certain to be told: what came free before that told nobody. */
  private MemoryBudget.Answer ask(SocketDriver home) {
    if (home.memory().promise(group)) {
      return MemoryBudget.Answer.PROMISED;
    }
    awaitMemory();
    return home.memory().ask(group);
  }

  private @Nullable SocketDriver nextHome() {
    if (driver.loop().isShuttingDown()) {
      return null;
    }
    try {
      return driver.next();
    } catch (IllegalStateException closed) {
      return null;
    }
  }

  private boolean refuseOrWait(SocketChannel accepted, InetSocketAddress remote, String why) {
    if (refuses()) {
      refuse(accepted, remote, why);
      return true;
    }
    if (!saidFull) { // it is asked again whenever something is given back, mostly in vain
      saidFull = true;
      SocketLog.full(listener, why);
    }
    return false;
  }

  private void refuse(SocketChannel accepted, InetSocketAddress remote, String why) {
    SocketLog.refused(listener, remote, why);
    try {
      ChannelEnd.resetUnlessInOrder(accepted);
    } catch (RuntimeException broken) {
      // by the peer, then
    }
    close(accepted);
  }

  private void close(SocketChannel accepted) {
    driver.discard(accepted);
  }

  private void admit(
      SocketChannel accepted, SocketDriver home, InetSocketAddress remote, InetAddress address) {
    TcpStream stream;
    try {
      stream = TcpStream.promised(home, accepted, remote, options.connections(), group);
    } catch (Throwable e) { // the kernel refuses an option: mostly, the peer has reset it
      home.discard(accepted);
      return;
    }
    try {
      stream.onAccepted();
      if (home == driver) {
        driver.register(accepted, stream.intake().turn());
      } else {
        // Whatever is done to the stream comes after this: it is queued, or drains the queue.
        home.execute(() -> register(home, accepted, stream));
      }
    } catch (Throwable e) {
      home.discard(accepted);
      stream.onNeverRegistered(e);
      if (!driver.loop().isShuttingDown()) {
        SocketLog.dropped(listener, remote, e);
      }
      return;
    }
    count(accepted, address);
    admitted.accept(stream);
  }

  /** Somebody may have the stream already. */
  private static void register(SocketDriver home, SocketChannel accepted, TcpStream stream) {
    try {
      home.register(accepted, stream.intake().turn());
    } catch (RuntimeException e) {
      home.discard(accepted);
      stream.onNeverRegistered(e);
    }
  }

  private void count(SocketChannel accepted, InetAddress address) {
    open++;
    if (options.maxPerAddress() != Integer.MAX_VALUE) {
      perAddress.merge(address, 1, Integer::sum);
    }
    accepted
        .closeFuture()
        .addListener(
            closed -> {
              try {
                driver.execute(() -> onClosed(address));
              } catch (RejectedExecutionException loopHasEnded) {
                // and nobody is let in any more
              }
            });
  }

  private void onClosed(InetAddress address) {
    open--;
    perAddress.computeIfPresent(address, (same, number) -> number == 1 ? null : number - 1);
    admitHeld();
  }

  // ---- memory

  private void awaitMemory() {
    if (!awaitsMemory) {
      awaitsMemory = true;
      driver.memory().whenRoom(memoryWaiter);
    }
  }

  private void stopWaiting() {
    if (awaitsMemory) {
      awaitsMemory = false;
      driver.memory().forget(memoryWaiter);
    }
  }

  /** On any thread. */
  private void memoryMayBeFree() {
    try {
      driver.loop().execute(this::tryAgain);
    } catch (RejectedExecutionException loopHasEnded) {
      // and nobody is let in any more
    }
  }

  private void tryAgain() {
    stopWaiting();
    admitHeld();
  }

  /** An IPv4 address that came in by an IPv6 socket is that IPv4 address: RFC 4291, 2.5.5.2. */
  static InetAddress plain(InetAddress address) {
    if (address instanceof Inet6Address) {
      byte[] bytes = address.getAddress();
      boolean mapped = bytes[10] == -1 && bytes[11] == -1;
      for (int i = 0; i < 10; i++) {
        mapped &= bytes[i] == 0;
      }
      if (mapped) {
        try {
          return InetAddress.getByAddress(Arrays.copyOfRange(bytes, 12, 16));
        } catch (UnknownHostException wrongLength) {
          return address;
        }
      }
    }
    return address;
  }
}
