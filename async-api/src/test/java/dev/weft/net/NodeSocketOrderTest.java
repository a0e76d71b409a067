package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.AsyncExecutor;
import dev.weft.NodeExecutor;
import dev.weft.Task;
import dev.weft.frame.Await;
import dev.weft.frame.HandWritten;
import dev.weft.frame.Settled;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In node mode the event of a socket is a callback as any other. */
class NodeSocketOrderTest {
  private final List<String> log = Collections.synchronizedList(new ArrayList<>());
  private final List<Socket> peers = new ArrayList<>();
  private NodeExecutor node;
  private TcpListener listener;

  @BeforeEach
  void open() throws Exception {
    node = NodeExecutor.builder().build();
    listener = node.blockOn(() -> TcpListener.bind("127.0.0.1", 0));
  }

  @AfterEach
  void close() throws Exception {
    for (Socket peer : peers) {
      peer.close();
    }
    node.close();
  }

  private TcpStream connected() throws Exception {
    peers.add(new Socket("127.0.0.1", listener.localAddress().getPort()));
    return node.blockOn(listener::accept);
  }

  /** An async function that reads once and then logs, sets all there is to set, and ends. */
  private Task<Object> reads(TcpStream stream, String name) {
    HandWritten<Object> frame =
        new HandWritten<>(
            node,
            (self, state, outcome) -> {
              ((ByteBuf) Await.take(outcome)).release();
              log.add(name);
              Task<Object> timedOut = new Task<>();
              node.setTimeout(
                  () -> {
                    log.add(name + "-timeout");
                    timedOut.complete(null);
                  },
                  0);
              node.setImmediate(() -> log.add(name + "-immediate"));
              node.nextTick(() -> log.add(name + "-tick"));
              return timedOut;
            });
    frame.await(stream.read(), 1);
    return frame;
  }

  @Test
  void insideTheEventTheImmediateComesBeforeTheTimeout() throws Exception {
    TcpStream stream = connected();
    Task<Object> done = node.spawn(() -> reads(stream, "a"));
    peers.get(0).getOutputStream().write(1);
    done.get();

    assertThat(log).containsExactly("a", "a-tick", "a-immediate", "a-timeout");
  }

  @Test
  void queuesDrainBetweenTheEventsOfTwoSockets() throws Exception {
    // One after the other if the kernel has delivered one byte only when the loop looks again.
    boolean together = false;
    for (int i = 0; i < 100 && !together; i++) {
      log.clear();
      together = twoSocketsHaveEvents(connected(), connected());
    }
    assertThat(together).as("one look at both sockets").isTrue();
  }

  /** Whether both were handled before the immediates of the first. */
  private boolean twoSocketsHaveEvents(TcpStream first, TcpStream second) throws Exception {
    List<Socket> both = List.copyOf(peers.subList(peers.size() - 2, peers.size()));
    Task<Object> read =
        node.spawn(
            () -> {
              Task<Object> a = reads(first, "a");
              Task<Object> b = reads(second, "b");
              // Both have something to read before the loop looks again.
              for (Socket peer : both) {
                peer.getOutputStream().write(1);
              }
              HandWritten<Object> frame =
                  new HandWritten<>(
                      node,
                      (self, state, outcome) ->
                          state == 1 ? self.await(b, 2) : Settled.value(null));
              frame.await(a, 1);
              return frame;
            });
    read.get();

    List<String> order = List.copyOf(log); // the kernel says which comes first
    assertThat(order.get(order.indexOf("a") + 1)).isEqualTo("a-tick");
    assertThat(order.get(order.indexOf("b") + 1)).isEqualTo("b-tick");
    List<String> events = List.of("a", "a-tick", "b", "b-tick");
    return order.subList(0, 4).containsAll(events);
  }

  @Test
  void anOpenSocketKeepsAProgramAliveAndAClosedOneDoesNot() throws Exception {
    ByteBuf greeting = Unpooled.copiedBuffer(new byte[] {1});
    int port = listener.localAddress().getPort();
    Task<TcpStream> accepted = node.spawn(listener::accept);
    int code =
        NodeExecutor.builder()
            .run(
                () -> {
                  Task<TcpStream> connecting = TcpStream.connect("127.0.0.1", port);
                  connecting.thenAccept(
                      stream -> {
                        log.add("connected");
                        stream
                            .read()
                            .thenAccept(
                                read -> {
                                  read.release();
                                  log.add("read");
                                  stream.close();
                                });
                      });
                  NodeExecutor.current().onExit(exit -> log.add("exit"));
                  NodeExecutor.current()
                      .setTimeout(() -> accepted.thenAccept(stream -> stream.write(greeting)), 20);
                });

    assertThat(code).isZero();
    assertThat(log).containsExactly("connected", "read", "exit");
    accepted.get().close();
  }

  /** A program that listens for ever, and lets its loop end all the same. */
  @Test
  void aSocketWithoutReferenceLetsTheLoopEnd() throws Exception {
    List<String> ended = new ArrayList<>();
    int code =
        NodeExecutor.builder()
            .run(
                () -> {
                  NodeExecutor program = (NodeExecutor) AsyncExecutor.current();
                  TcpListener.bind("127.0.0.1", 0)
                      .thenAccept(
                          bound -> {
                            bound.unref().ref().unref();
                            program.setTimeout(() -> ended.add("timer"), 5);
                          });
                });
    assertThat(code).isZero();
    assertThat(ended).containsExactly("timer");
  }

  @Test
  void aSocketThatGotItsReferenceBackKeepsTheLoop() throws Exception {
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    int code =
        NodeExecutor.builder()
            .run(
                () -> {
                  NodeExecutor program = (NodeExecutor) AsyncExecutor.current();
                  TcpListener.bind("127.0.0.1", 0)
                      .thenAccept(
                          bound -> {
                            bound.unref().ref();
                            program
                                .setTimeout(
                                    () -> {
                                      order.add("closed");
                                      bound.close();
                                    },
                                    20)
                                .unref();
                          });
                });
    assertThat(code).isZero();
    assertThat(order).containsExactly("closed");
  }
}
