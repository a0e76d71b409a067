package dev.weft.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;

/**
 * A handler behind which there is none, so that it passes nothing on.
 *
 * <p>Not an adapter of Netty's, whose methods are annotated if they do nothing: to read that costs
 * a server 14 ms of its start, as the JVM makes a class for each annotation.
 */
abstract class LastHandler implements ChannelInboundHandler {
  @Override
  public void handlerAdded(ChannelHandlerContext context) {}

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {}

  @Override
  public void channelRegistered(ChannelHandlerContext context) {}

  @Override
  public void channelUnregistered(ChannelHandlerContext context) {}

  @Override
  public void channelActive(ChannelHandlerContext context) {}

  @Override
  public void channelInactive(ChannelHandlerContext context) {}

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {}

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {}

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {}

  @Override
  @SuppressWarnings("deprecation") // but not for inbound handlers, says Netty
  public abstract void exceptionCaught(ChannelHandlerContext context, Throwable error);
}
