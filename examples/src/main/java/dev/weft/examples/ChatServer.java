package dev.weft.examples;

import static dev.weft.Async.await;
import static dev.weft.Async.done;

import dev.weft.net.TcpStream;
import dev.weft.select.Select;
import dev.weft.sync.Broadcast;
import dev.weft.sync.BroadcastReceiver;
import dev.weft.sync.LaggedException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A chat: what one guest sends, all get. A guest who reads too slowly misses messages and is told
 * how many; nobody waits for him, and nothing piles up.
 *
 * <pre>{@code
 * ChatServer chat = new ChatServer(1_000);
 * TcpServer.start(executor, executor.blockOn(() -> TcpListener.bind("127.0.0.1", 7000)), chat::serve);
 * }</pre>
 */
final class ChatServer {
  private final Broadcast<String> room;
  private final AtomicInteger guests = new AtomicInteger();

  /** A chat that keeps so many messages for guests who are behind. */
  ChatServer(int backlog) {
    room = new Broadcast<>(backlog);
  }

  /** Serves one guest until he hangs up. */
  CompletableFuture<@Nullable Void> serve(TcpStream socket) {
    String name = "guest " + guests.incrementAndGet();
    try (BroadcastReceiver<String> messages = room.subscribe()) {
      room.send(name + " has come\n");
      for (String event; (event = await(next(socket, messages))) != null; ) {
        if (event.startsWith(">")) { // typed here
          room.send(name + event);
        } else {
          await(socket.write(Unpooled.copiedBuffer(event, StandardCharsets.UTF_8)));
        }
      }
    } finally {
      room.send(name + " has gone\n");
    }
    return done();
  }

  /** What the guest has typed, after a {@code >}; or what others say; null at the end. */
  private static CompletableFuture<@Nullable String> next(
      TcpStream socket, BroadcastReceiver<String> messages) {
    try {
      String event =
          await(
              Select.<String>fair()
                  .on(socket::read, ChatServer::typed)
                  .on(messages.onReceive(), message -> message)
                  .run());
      return done(event.isEmpty() ? null : event);
    } catch (LaggedException behind) {
      return done(behind.missed() + " messages were left out\n");
    }
  }

  private static String typed(@Nullable ByteBuf bytes) {
    if (bytes == null) {
      return "";
    }
    try {
      return "> " + bytes.toString(StandardCharsets.UTF_8);
    } finally {
      bytes.release();
    }
  }
}
