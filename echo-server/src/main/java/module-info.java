/**
 * An echo server. It needs no module-info, and is run from the class path; this one is for {@code
 * link}, which makes an image of it and of what it needs of the JDK.
 */
module dev.weft.echo {
  requires dev.weft;
  requires dev.weft.http; // for its page about tasks
  // Optional in dev.weft: who uses sockets says so.
  requires io.netty.buffer;
  requires io.netty.transport;
  requires org.apache.commons.cli;
  requires static org.jspecify;
}
