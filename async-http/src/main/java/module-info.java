/**
 * HTTP/1.1 and HTTP/2 servers whose handlers are async methods.
 *
 * <p>Over Netty's codecs, which a program has to have on its module path. And a page, served by
 * them, that shows what a program's tasks do.
 */
module dev.weft.http {
  requires transitive dev.weft;
  requires transitive io.netty.buffer;
  requires transitive io.netty.codec.http;
  requires io.netty.codec;
  requires io.netty.codec.http2;
  requires io.netty.common;
  requires io.netty.transport;
  requires java.management;
  requires org.slf4j;
  requires static org.jspecify;

  exports dev.weft.http;
  exports dev.weft.inspect;
}
