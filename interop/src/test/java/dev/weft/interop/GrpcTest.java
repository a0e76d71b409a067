package dev.weft.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.WorkStealingExecutor;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** gRPC-java, server and client on one executor: its loops for I/O, its workers for the calls. */
class GrpcTest {
  private static final int REQUESTS = 200;

  private static final class Text implements MethodDescriptor.Marshaller<String> {
    @Override
    public InputStream stream(String text) {
      return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String parse(InputStream stream) {
      try {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static MethodDescriptor<String, String> method(
      String name, MethodDescriptor.MethodType type) {
    return MethodDescriptor.<String, String>newBuilder()
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName("Greeter", name))
        .setRequestMarshaller(new Text())
        .setResponseMarshaller(new Text())
        .build();
  }

  private static final MethodDescriptor<String, String> GREET =
      method("greet", MethodDescriptor.MethodType.UNARY);
  private static final MethodDescriptor<String, String> COUNT =
      method("count", MethodDescriptor.MethodType.SERVER_STREAMING);
  private static final MethodDescriptor<String, String> CHAT =
      method("chat", MethodDescriptor.MethodType.BIDI_STREAMING);

  private final Set<String> threads = ConcurrentHashMap.newKeySet();

  private ServerServiceDefinition greeter() {
    return ServerServiceDefinition.builder("Greeter")
        .addMethod(GREET, ServerCalls.asyncUnaryCall(this::greet))
        .addMethod(COUNT, ServerCalls.asyncServerStreamingCall(GrpcTest::count))
        .addMethod(CHAT, ServerCalls.asyncBidiStreamingCall(GrpcTest::chat))
        .build();
  }

  private void greet(String name, StreamObserver<String> response) {
    threads.add(Thread.currentThread().getName());
    if (name.isEmpty()) {
      response.onError(Status.INVALID_ARGUMENT.asRuntimeException());
      return;
    }
    response.onNext("Hello " + name);
    response.onCompleted();
  }

  private static void count(String to, StreamObserver<String> response) {
    for (int i = 0; i < Integer.parseInt(to); i++) {
      response.onNext("" + i);
    }
    response.onCompleted();
  }

  private static StreamObserver<String> chat(StreamObserver<String> response) {
    return new StreamObserver<>() {
      @Override
      public void onNext(String text) {
        response.onNext(text + "!");
      }

      @Override
      public void onError(Throwable error) {
        response.onError(error);
      }

      @Override
      public void onCompleted() {
        response.onCompleted();
      }
    };
  }

  private static NettyServerBuilder server(WorkStealingExecutor executor) {
    EventLoopGroup group = executor.eventLoopGroup();
    return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .bossEventLoopGroup(group)
        .workerEventLoopGroup(group)
        .channelType(Loops.serverSocketType(executor))
        .executor(executor);
  }

  private static NettyChannelBuilder client(WorkStealingExecutor executor, int port) {
    EventLoopGroup group = executor.eventLoopGroup();
    return NettyChannelBuilder.forAddress("localhost", port)
        .eventLoopGroup(group)
        .channelType(Loops.socketType(executor))
        .executor(executor);
  }

  private static void close(Server server, ManagedChannel channel) throws InterruptedException {
    channel.shutdown();
    server.shutdown();
    assertThat(channel.awaitTermination(Loops.SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(server.awaitTermination(Loops.SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  private static String greet(ManagedChannel channel, String name) {
    return ClientCalls.blockingUnaryCall(channel, GREET, CallOptions.DEFAULT, name);
  }

  /** The same again afterwards: gRPC shuts no group down that was given to it. */
  @Test
  void callsOfAllKinds() throws Exception {
    try (WorkStealingExecutor executor = Loops.executor()) {
      for (int round = 0; round < 2; round++) {
        Server server = server(executor).addService(greeter()).build().start();
        ManagedChannel channel = client(executor, server.getPort()).usePlaintext().build();
        for (int i = 0; i < REQUESTS; i++) {
          assertThat(greet(channel, "number " + i)).isEqualTo("Hello number " + i);
        }
        assertThatThrownBy(() -> greet(channel, ""))
            .isInstanceOfSatisfying(
                StatusRuntimeException.class,
                error ->
                    assertThat(error.getStatus().getCode())
                        .isEqualTo(Status.Code.INVALID_ARGUMENT));
        Iterator<String> numbers =
            ClientCalls.blockingServerStreamingCall(
                channel, COUNT, CallOptions.DEFAULT, "" + REQUESTS);
        for (int i = 0; i < REQUESTS; i++) {
          assertThat(numbers.next()).isEqualTo("" + i);
        }
        assertThat(numbers.hasNext()).isFalse();
        assertThat(chat(channel)).hasSize(REQUESTS).contains("0!", (REQUESTS - 1) + "!");
        close(server, channel);
      }
    }
    assertThat(threads).isNotEmpty().allMatch(Loops::isWorker);
  }

  private static List<String> chat(ManagedChannel channel) throws Exception {
    List<String> answers = new ArrayList<>(); // written by one call back after the other
    CompletableFuture<List<String>> all = new CompletableFuture<>();
    StreamObserver<String> out =
        ClientCalls.asyncBidiStreamingCall(
            channel.newCall(CHAT, CallOptions.DEFAULT),
            new StreamObserver<>() {
              @Override
              public void onNext(String text) {
                answers.add(text);
              }

              @Override
              public void onError(Throwable error) {
                all.completeExceptionally(error);
              }

              @Override
              public void onCompleted() {
                all.complete(answers);
              }
            });
    for (int i = 0; i < REQUESTS; i++) {
      out.onNext("" + i);
    }
    out.onCompleted();
    return all.get(Loops.SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void overTls(@TempDir Path folder) throws Exception {
    Certificate certificate = new Certificate(folder);
    try (WorkStealingExecutor executor = Loops.executor()) {
      Server server =
          server(executor)
              .sslContext(GrpcSslContexts.configure(certificate.forServer()).build())
              .addService(greeter())
              .build()
              .start();
      ManagedChannel channel =
          client(executor, server.getPort())
              .sslContext(GrpcSslContexts.configure(certificate.forClient()).build())
              .build();
      for (int i = 0; i < REQUESTS; i++) {
        assertThat(greet(channel, "number " + i)).isEqualTo("Hello number " + i);
      }
      close(server, channel);
    }
  }

  @Test
  void aCallThatIsCancelledEndsOnTheServer() throws Exception {
    try (WorkStealingExecutor executor = Loops.executor()) {
      CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
      CompletableFuture<Boolean> begun = new CompletableFuture<>();
      ServerServiceDefinition silent =
          ServerServiceDefinition.builder("Greeter")
              .addMethod(
                  GREET,
                  (call, headers) -> {
                    call.request(1);
                    begun.complete(true);
                    return new ServerCall.Listener<String>() {
                      @Override
                      public void onCancel() {
                        cancelled.complete(call.isCancelled());
                      }
                    };
                  })
              .build();
      Server server = server(executor).addService(silent).build().start();
      ManagedChannel channel = client(executor, server.getPort()).usePlaintext().build();
      ClientCall<String, String> call = channel.newCall(GREET, CallOptions.DEFAULT);
      call.start(new ClientCall.Listener<String>() {}, new Metadata());
      call.sendMessage("who never hears");
      call.halfClose();
      assertThat(begun.get(Loops.SECONDS, TimeUnit.SECONDS)).isTrue();
      call.cancel("no longer interested", null);
      assertThat(cancelled.get(Loops.SECONDS, TimeUnit.SECONDS)).isTrue();
      close(server, channel);
    }
  }
}
