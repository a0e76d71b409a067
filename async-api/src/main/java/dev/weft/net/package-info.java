/**
 * Sockets for async methods, over Netty. The way in is {@link dev.weft.net.TcpListener} for a
 * server, {@link dev.weft.net.TcpStream#connect TcpStream.connect} for a client, and {@link
 * dev.weft.net.UdpSocket} for datagrams:
 *
 * <pre>{@code
 * static CompletableFuture<Void> serve() {
 *   TcpListener listener = await(TcpListener.bind("127.0.0.1", 8080));
 *   for (TcpStream socket; (socket = await(listener.accept())) != null; ) {
 *     TcpStream accepted = socket;
 *     Async.spawn(() -> echo(accepted));
 *   }
 *   return done();
 * }
 *
 * static CompletableFuture<Void> echo(TcpStream socket) {
 *   try (socket) {
 *     for (ByteBuf buf; (buf = await(socket.read())) != null; ) {
 *       await(socket.write(buf));
 *     }
 *   }
 *   return done();
 * }
 * }</pre>
 *
 * <h2>How it runs</h2>
 *
 * A worker of the executor polls Netty's I/O itself, between tasks, and runs the tasks that this
 * woke on its own queue: no hand-over between an I/O thread and a task thread. {@link
 * dev.weft.net.Transport} says what it polls with; on Linux that is epoll. A socket's methods may
 * be called from any thread. On the worker that holds the socket's I/O loop they take the short
 * way.
 *
 * <p>A worker that is busy with a long task does not hold up the sockets: another one takes its
 * loop over, within 1 to 2 ms if one is idle. Only what runs inside a poll cannot be interrupted
 * that way: a handler in a Netty pipeline of your own, and the dependents of a {@code
 * CompletableFuture} that a socket completes ({@code read().thenApply(...)}), unless they are
 * {@code ...Async}. What follows an {@code await} is a task.
 *
 * <p>There is one loop to begin with, and further ones while one stays busy, or while all stand
 * still in handlers; see {@link dev.weft.WorkStealingExecutorBuilder#ioLoops}. A handler that
 * blocks until another channel is served that is on the same loop already waits for ever: such code
 * wants several loops from the start. Existing Netty code runs on the same loops: see {@link
 * dev.weft.WorkStealingExecutor#eventLoopGroup}.
 *
 * <h2>Buffers</h2>
 *
 * {@code read} hands a {@link io.netty.buffer.ByteBuf} over to its caller, who releases it or hands
 * it on; {@code write} takes one over and releases it, whether the write succeeds or not. A
 * connection holds at most what {@link dev.weft.net.TcpOptions} allows, in each direction; who
 * reads slower than the peer sends makes the peer wait, and the other way round.
 *
 * <p>This package and those in it are the only ones that import {@code io.netty}, and the
 * dependency is optional: an application without sockets does not need Netty on its class path.
 *
 * <h2>TLS</h2>
 *
 * {@link dev.weft.net.TlsAcceptor} puts it on a connection that was accepted, {@link
 * dev.weft.net.TlsConnector} on one that was made; the same stream goes on, encrypted. A server
 * with TLS is one line:
 *
 * <pre>{@code
 * TlsAcceptor tls =
 *     TlsAcceptor.builder().certificate(Path.of("chain.pem"), Path.of("key.pem")).build();
 * TcpServer server = TcpServer.start(executor, listener, tls.serving(socket -> echo(socket)));
 * }</pre>
 *
 * <p>It needs {@code io.netty:netty-handler} on the class path, which else nothing here does.
 *
 * <h2>Inside</h2>
 *
 * What users see is here, with what belongs to one stream or one listener and would have to be
 * public elsewhere: what a stream has received ({@code Inbox}), takes in ({@code Intake}), has to
 * send ({@code Outbox}) and how it ends ({@code Farewell}); whom a listener lets in ({@code
 * Admission}); the same of a socket for datagrams ({@code DatagramInbox}, {@code DatagramOutbox}).
 * They know their stream and its options, so a room of their own would have a way back to this one.
 * The rooms below know neither stream nor listener, and import only those further down:
 *
 * <pre>
 *   net.loop       the event loop that workers run, as Netty and as they see it
 *   net.poll       how the kernel is asked, and in which order connections hear of it
 *   net.memory     what connections may hold, and the receive buffers
 *   net.tls        certificates, and failures of TLS in words
 *   net.address    names, several addresses, failures in words
 * </pre>
 */
@NullMarked
package dev.weft.net;

import org.jspecify.annotations.NullMarked;
