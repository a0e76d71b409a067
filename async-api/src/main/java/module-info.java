/**
 * async/await for Java. What is not exported is Weft's own business, and may change with each
 * release.
 *
 * <p>Sockets, Micrometer's binder, node mode's histogram of delays, the carrying of MDC and its
 * like, and events for the Flight Recorder need a module that is optional here: {@code
 * io.netty.transport}, {@code io.netty.handler} (for TLS), {@code micrometer.core}, {@code
 * HdrHistogram}, {@code context.propagation}, {@code jdk.jfr}. An application that uses one
 * requires it, in its own module-info or by {@code --add-modules}.
 *
 * <p>{@code dev.weft.frame} is exported because woven classes call it, wherever they are; programs
 * do not. {@code dev.weft.log} holds the queue of lines that a server on this library writes with,
 * so that no full pipe stops its workers.
 */
module dev.weft {
  requires transitive org.slf4j;
  requires transitive java.management;
  requires static jdk.jfr;
  requires static org.jspecify;
  requires static io.netty.buffer;
  requires static io.netty.transport;
  requires static io.netty.common;
  requires static io.netty.handler;
  requires static io.netty.codec;
  requires static io.netty.transport.classes.epoll;
  requires static io.netty.transport.classes.io_uring;
  requires static io.netty.transport.unix.common;
  requires static micrometer.core;
  requires static context.propagation;
  requires static HdrHistogram;

  exports dev.weft;
  exports dev.weft.dump;
  exports dev.weft.frame;
  exports dev.weft.io;
  exports dev.weft.log;
  exports dev.weft.metrics;
  exports dev.weft.net;
  exports dev.weft.node;
  exports dev.weft.resilience;
  exports dev.weft.scope;
  exports dev.weft.select;
  exports dev.weft.stream;
  exports dev.weft.sync;

  uses dev.weft.FutureAdapter;
  uses dev.weft.scheduler.io.Driver.Provider;

  provides dev.weft.scheduler.io.Driver.Provider with
      dev.weft.net.SocketDriverProvider;
}
