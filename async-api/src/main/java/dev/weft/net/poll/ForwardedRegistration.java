package dev.weft.net.poll;

import io.netty.channel.IoRegistration;

/** A registration of Netty's, of which another class changes what is submitted. On the loop. */
abstract class ForwardedRegistration implements IoRegistration {
  final IoRegistration registration;

  ForwardedRegistration(IoRegistration registration) {
    this.registration = registration;
  }

  @Override
  @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's signature
  public final <T> T attachment() {
    return registration.attachment();
  }

  @Override
  public final boolean isValid() {
    return registration.isValid();
  }

  @Override
  public final boolean cancel() {
    return registration.cancel();
  }
}
