package io.netty.testsuite.transport.socket;

import dev.weft.WorkStealingExecutor;
import dev.weft.net.Transport;
import io.netty.bootstrap.AbstractBootstrap;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapFactory;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which event loops and channels Netty's own tests of sockets run with: in place of the class of
 * this name in {@code netty-testsuite}, before which it stands on the class path. By the system
 * properties {@code loops} (a number of Netty's own; {@code weft} for an executor's as they are by
 * default; {@code weft-2} for two of these) and {@code transport} ({@code epoll}, {@code nio}).
 */
public class SocketTestPermutation {
  static final SocketTestPermutation INSTANCE = new SocketTestPermutation();

  /** Of TEST-NET-2, which nobody answers for. */
  static final String BAD_HOST = System.getProperty("io.netty.testsuite.badHost", "198.51.100.254");

  static final int BAD_PORT = Integer.getInteger("io.netty.testsuite.badPort", 65535);

  /** No service has it by /etc/services. */
  public static final int UNASSIGNED_PORT = 4;

  private final Transport transport =
      Transport.valueOf(System.getProperty("transport", "epoll").toUpperCase(Locale.ROOT));

  private final EventLoopGroup group = group(System.getProperty("loops", "weft"));

  private EventLoopGroup group(String loops) {
    return switch (loops) {
      case "weft" -> executor().build().eventLoopGroup();
      case "weft-2" -> executor().ioLoops(2).build().eventLoopGroup();
      default ->
          new MultiThreadIoEventLoopGroup(
              Integer.parseInt(loops), new DefaultThreadFactory("testsuite", true), handlers());
    };
  }

  private dev.weft.WorkStealingExecutorBuilder executor() {
    return WorkStealingExecutor.builder().workers(4).name("testsuite").driver(transport.driver());
  }

  private IoHandlerFactory handlers() {
    return transport == Transport.NIO ? NioIoHandler.newFactory() : EpollIoHandler.newFactory();
  }

  private DatagramChannel newDatagramSocket(SocketProtocolFamily family) {
    return transport == Transport.NIO
        ? new NioDatagramChannel(family)
        : new EpollDatagramChannel(family);
  }

  private DatagramChannel newDatagramSocket() {
    return transport == Transport.NIO ? new NioDatagramChannel() : new EpollDatagramChannel();
  }

  protected <A extends AbstractBootstrap<?, ?>, B extends AbstractBootstrap<?, ?>>
      List<BootstrapComboFactory<A, B>> combo(
          List<BootstrapFactory<A>> servers, List<BootstrapFactory<B>> clients) {
    List<BootstrapComboFactory<A, B>> pairs = new ArrayList<>();
    for (BootstrapFactory<A> server : servers) {
      for (BootstrapFactory<B> client : clients) {
        pairs.add(
            new BootstrapComboFactory<>() {
              @Override
              public A newServerInstance() {
                return server.newInstance();
              }

              @Override
              public B newClientInstance() {
                return client.newInstance();
              }
            });
      }
    }
    return pairs;
  }

  public List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> socket() {
    return combo(serverSocket(), clientSocket());
  }

  public List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> socketWithFastOpen() {
    return combo(serverSocket(), clientSocketWithFastOpen());
  }

  public List<BootstrapComboFactory<Bootstrap, Bootstrap>> datagram(SocketProtocolFamily family) {
    List<BootstrapFactory<Bootstrap>> sockets = new ArrayList<>();
    sockets.add(() -> new Bootstrap().group(group).channelFactory(() -> newDatagramSocket(family)));
    return combo(sockets, sockets);
  }

  public List<BootstrapFactory<ServerBootstrap>> serverSocket() {
    List<BootstrapFactory<ServerBootstrap>> servers = new ArrayList<>();
    servers.add(
        () -> {
          ServerBootstrap server = new ServerBootstrap().group(group);
          return server.channelFactory(() -> (ServerChannel) transport.newServerSocket());
        });
    return servers;
  }

  public List<BootstrapFactory<Bootstrap>> clientSocket() {
    List<BootstrapFactory<Bootstrap>> clients = new ArrayList<>();
    clients.add(() -> new Bootstrap().group(group).channelFactory(transport::newSocket));
    return clients;
  }

  public List<BootstrapFactory<Bootstrap>> clientSocketWithFastOpen() {
    return clientSocket();
  }

  public List<BootstrapFactory<Bootstrap>> datagramSocket() {
    List<BootstrapFactory<Bootstrap>> sockets = new ArrayList<>();
    sockets.add(() -> new Bootstrap().group(group).channelFactory(this::newDatagramSocket));
    return sockets;
  }
}
