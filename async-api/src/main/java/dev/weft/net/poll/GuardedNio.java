package dev.weft.net.poll;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoEvent;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoOps;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;

/** What a selector tells of a channel: what it is ready for, as long as it is asked about it. */
@SuppressWarnings("try") // close() throws what Netty's does
final class GuardedNio extends GuardedHandle implements NioIoHandle {
  private final NioIoHandle nio;

  /** Whether the selector is not asked about what has been told and is put off. */
  private boolean muted;

  GuardedNio(NioIoHandle nio, Setting setting) {
    super(nio, setting);
    this.nio = nio;
  }

  /**
   * The selector tells of an end as of whatever it was asked about, so that room for output may be
   * one: closing thousands takes a while, too.
   */
  @Override
  boolean isInput(IoEvent event) {
    return true;
  }

  /**
   * The selector would find it ready in each poll until its turn comes, at 1 us each. So it is not
   * asked about what it has told twice; one event says both then.
   */
  @Override
  void toldAgain(IoRegistration registration, Turns.Turn putOff, IoEvent event) {
    int ops = ((NioIoEvent) event).ops().value();
    if (putOff.event instanceof NioIoEvent earlier) {
      putOff.event = new Told(NioIoOps.valueOf(earlier.ops().value() | ops));
    }
    registration.submit(NioIoOps.valueOf(interest(registration) & ~ops));
    muted = true;
  }

  /**
   * The channel expects to be asked about input until it says otherwise, which it does whenever it
   * has read. For output it asks by itself, as often as the kernel has not taken all.
   */
  @Override
  void beforeTold(IoRegistration registration, IoEvent event) {
    if (muted) {
      muted = false;
      boolean read = ((NioIoEvent) event).ops().contains(NioIoOps.READ);
      if (read && registration.isValid()) {
        int ops = interest(registration) | NioIoOps.READ.value();
        registration.submit(NioIoOps.valueOf(ops));
      }
    }
  }

  private static int interest(IoRegistration registration) {
    SelectionKey key = registration.attachment();
    return key.interestOps();
  }

  /** What has been told, in one. */
  private record Told(NioIoOps ops) implements NioIoEvent {}

  @Override
  public SelectableChannel selectableChannel() {
    return nio.selectableChannel();
  }
}
