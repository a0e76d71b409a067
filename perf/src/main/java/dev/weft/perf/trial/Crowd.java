package dev.weft.perf.trial;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Many clients that each want one echo of a few bytes and then stay. They are looked after only
 * while {@link #watch} runs. Used by one thread.
 */
final class Crowd implements AutoCloseable {
  private static final int BYTES = 4;

  private final Selector selector;
  private final ByteBuffer buffer = ByteBuffer.allocate(64);
  private final List<Member> present = new ArrayList<>();
  private int wrong;
  private int cutOff;

  private final class Member {
    final SocketChannel channel;
    final Payload payload;
    int received;

    Member(InetSocketAddress server, long seed) throws IOException {
      payload = new Payload(seed);
      channel = SocketChannel.open();
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_CONNECT, this);
      channel.connect(server);
    }

    boolean served() {
      return received == BYTES;
    }

    void ready(SelectionKey key) {
      try {
        if (key.isConnectable() && channel.finishConnect()) {
          channel.write(ByteBuffer.wrap(payload.bytes(0, BYTES)));
          key.interestOps(SelectionKey.OP_READ);
        } else if (key.isReadable()) {
          receive();
        }
      } catch (IOException e) {
        cutOff();
      }
    }

    private void receive() throws IOException {
      int count = channel.read(buffer.clear());
      if (count < 0) {
        cutOff();
      } else if (received + count > BYTES
          || payload.mismatch(received, buffer.array(), count) >= 0) {
        wrong++;
        leave();
      } else {
        received += count;
      }
    }

    private void cutOff() {
      cutOff++;
      leave();
    }

    void leave() {
      present.remove(this);
      try {
        channel.close();
      } catch (IOException ignored) {
        // it has left either way
      }
    }
  }

  /** So many connections, which are under way when this returns. */
  Crowd(InetSocketAddress server, int clients) throws IOException {
    selector = Selector.open();
    for (int i = 0; i < clients; i++) {
      present.add(new Member(server, i));
    }
  }

  /** Looks after them until nobody has been served for so long, but no longer than {@code most}. */
  void watch(Duration quiet, Duration most) throws IOException {
    Deadline end = Deadline.in(most);
    Deadline silence = Deadline.in(quiet);
    for (int served = served(); !silence.isOver() && !end.isOver(); ) {
      selector.select(20);
      for (SelectionKey key : selector.selectedKeys()) {
        ((Member) key.attachment()).ready(key);
      }
      selector.selectedKeys().clear();
      if (served() != served) {
        served = served();
        silence = Deadline.in(quiet);
      }
    }
  }

  /** Those who are here and have been served. */
  int served() {
    return (int) present.stream().filter(Member::served).count();
  }

  int present() {
    return present.size();
  }

  /** How many the server has ended or reset. */
  int cutOff() {
    return cutOff;
  }

  /** How many got a byte that was not theirs. */
  int wrong() {
    return wrong;
  }

  /** The first so many leave. */
  void leave(int clients) {
    List.copyOf(present.subList(0, Math.min(clients, present.size()))).forEach(Member::leave);
  }

  /** Who has been served leaves. */
  int servedLeave() {
    List<Member> served = present.stream().filter(Member::served).toList();
    served.forEach(Member::leave);
    return served.size();
  }

  @Override
  public void close() {
    leave(present.size());
    try {
      selector.close();
    } catch (IOException ignored) {
      // all are gone
    }
  }
}
