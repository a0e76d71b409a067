package dev.weft.echo;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Clients that all send and read at once, on one thread: each sends its own part of one random
 * block over and over, half-closes, and compares what comes back byte by byte.
 */
final class ManyClients {
  private static final int BLOCK = 1 << 20;

  private final byte[] block = new byte[BLOCK];
  private final ByteBuffer incoming = ByteBuffer.allocateDirect(64 * 1024);
  private final ByteBuffer outgoing = ByteBuffer.allocateDirect(2 * BLOCK);
  private final long bytesEach;
  private int unfinished;

  ManyClients(long seed, long bytesEach) {
    this.bytesEach = bytesEach;
    new Random(seed).nextBytes(block);
    outgoing.put(block).put(block);
  }

  private static final class Client {
    final int offset;
    long sent;
    long received;

    Client(int offset) {
      this.offset = offset;
    }
  }

  /** Returns when every client has got back exactly what it has sent; fails when one has not. */
  void run(SocketAddress server, int clients) throws IOException {
    try (Selector selector = Selector.open()) {
      for (int i = 0; i < clients; i++) {
        SocketChannel channel = SocketChannel.open(server);
        channel.configureBlocking(false);
        Client client = new Client((int) (i * 7919L % BLOCK));
        channel.register(selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE, client);
      }
      unfinished = clients;
      while (unfinished > 0) {
        if (selector.select(TimeUnit.SECONDS.toMillis(ServerProcess.SECONDS)) == 0) {
          throw new AssertionError(unfinished + " clients wait for ever");
        }
        for (SelectionKey key : selector.selectedKeys()) {
          serve(key, (SocketChannel) key.channel(), (Client) key.attachment());
        }
        selector.selectedKeys().clear();
      }
    }
  }

  private void serve(SelectionKey key, SocketChannel channel, Client client) throws IOException {
    if (key.isWritable()) {
      send(key, channel, client);
    }
    if (key.isReadable()) {
      receive(channel, client);
    }
  }

  private void send(SelectionKey key, SocketChannel channel, Client client) throws IOException {
    int from = (int) ((client.offset + client.sent) % BLOCK);
    int length = (int) Math.min(BLOCK, bytesEach - client.sent);
    client.sent += channel.write(outgoing.limit(from + length).position(from));
    if (client.sent == bytesEach) {
      channel.shutdownOutput();
      key.interestOps(SelectionKey.OP_READ);
    }
  }

  private void receive(SocketChannel channel, Client client) throws IOException {
    incoming.clear();
    int count = channel.read(incoming);
    if (count == -1) {
      if (client.received != bytesEach) {
        throw new EOFException("ended after " + client.received + " of " + bytesEach + " bytes");
      }
      channel.close();
      unfinished--;
      return;
    }
    incoming.flip();
    int from = (int) ((client.offset + client.received) % BLOCK);
    int wrong = incoming.mismatch(outgoing.duplicate().limit(from + count).position(from));
    if (wrong != -1) {
      throw new AssertionError("wrong byte at " + (client.received + wrong));
    }
    client.received += count;
  }
}
