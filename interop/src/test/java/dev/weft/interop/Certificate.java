package dev.weft.interop;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

/** A certificate of localhost that has signed itself. */
final class Certificate {
  private static final String PASSWORD = "changeit";

  private final KeyManagerFactory keys =
      KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
  private final TrustManagerFactory trust =
      TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());

  Certificate(Path folder) throws Exception {
    KeyStore own = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(Loops.keyStore(folder, PASSWORD))) {
      own.load(in, PASSWORD.toCharArray());
    }
    keys.init(own, PASSWORD.toCharArray());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("localhost", own.getCertificate("localhost"));
    trust.init(trusted);
  }

  SslContextBuilder forServer() {
    return SslContextBuilder.forServer(keys).sslProvider(SslProvider.JDK);
  }

  SslContextBuilder forClient() {
    return SslContextBuilder.forClient().trustManager(trust).sslProvider(SslProvider.JDK);
  }

  SslContext client() throws Exception {
    return forClient().build();
  }
}
