package dev.weft.net.tls;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Netty's contexts, made of settings. Each has a cache of sessions of its own. */
public final class TlsContexts {
  private TlsContexts() {}

  /** Reads the files. */
  public static SslContext server(TlsSettings settings)
      throws IOException, GeneralSecurityException {
    Map<String, List<Identity>> named = new LinkedHashMap<>();
    for (Map.Entry<String, TlsSettings.Source> each : settings.identities.entrySet()) {
      named.put(each.getKey(), each.getValue().read());
    }
    List<Identity> unnamed = named.remove("");
    if (unnamed == null) { // whoever asks for no name, or for another
      unnamed = named.values().iterator().next();
    }
    SslContextBuilder builder = SslContextBuilder.forServer(new SniKeyManager(unnamed, named));
    X509Certificate[] trusted = trusted(settings);
    if (trusted != null) {
      builder.trustManager(trusted);
    }
    builder.clientAuth(
        switch (settings.clientCertificate) {
          case NONE -> ClientAuth.NONE;
          case REQUESTED -> ClientAuth.OPTIONAL;
          case REQUIRED -> ClientAuth.REQUIRE;
        });
    return build(builder, settings, true);
  }

  /** Reads the files. */
  public static SslContext client(TlsSettings settings)
      throws IOException, GeneralSecurityException {
    SslContextBuilder builder = SslContextBuilder.forClient();
    TlsSettings.Source source = settings.identities.get("");
    if (source != null) {
      builder.keyManager(new SniKeyManager(source.read(), Map.of()));
    }
    X509Certificate[] trusted = trusted(settings);
    if (settings.insecure) {
      builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
      builder.endpointIdentificationAlgorithm(null);
    } else {
      if (trusted != null) {
        builder.trustManager(trusted);
      }
      builder.endpointIdentificationAlgorithm("HTTPS"); // RFC 9110, 4.3.4: by the host's name
    }
    return build(builder, settings, false);
  }

  private static X509Certificate @Nullable [] trusted(TlsSettings settings)
      throws IOException, GeneralSecurityException {
    if (settings.trusted.isEmpty()) {
      return null;
    }
    List<X509Certificate> all = new ArrayList<>();
    for (TlsSettings.TrustSource each : settings.trusted) {
      all.addAll(each.read());
    }
    if (all.isEmpty()) {
      throw new InvalidKeyException("There is no certificate in what is to be trusted");
    }
    return all.toArray(new X509Certificate[0]);
  }

  private static SslContext build(SslContextBuilder builder, TlsSettings settings, boolean server)
      throws IOException {
    if (settings.openSsl && !OpenSsl.isAvailable()) {
      throw new IllegalStateException(
          "There is no OpenSSL here: add io.netty:netty-tcnative-boringssl-static to the class"
              + " path, or take TlsProvider.JDK",
          OpenSsl.unavailabilityCause());
    }
    builder.sslProvider(settings.openSsl ? SslProvider.OPENSSL : SslProvider.JDK);
    builder.protocols(settings.protocols.toArray(new String[0]));
    if (settings.ciphers != null) {
      builder.ciphers(settings.ciphers, SupportedCipherSuiteFilter.INSTANCE);
    }
    if (!settings.alpn.isEmpty()) {
      // RFC 7301, 3.2: a server with no protocol in common refuses; OpenSSL's binding cannot.
      boolean refuses = server && !settings.openSsl;
      builder.applicationProtocolConfig(
          new ApplicationProtocolConfig(
              Protocol.ALPN,
              refuses ? SelectorFailureBehavior.FATAL_ALERT : SelectorFailureBehavior.NO_ADVERTISE,
              SelectedListenerFailureBehavior.ACCEPT,
              settings.alpn));
    }
    try {
      SslContext context = builder.build();
      ReferenceCountUtil.release(context.newEngine(UnpooledByteBufAllocator.DEFAULT)); // looks
      return context;
    } catch (IllegalArgumentException unknown) { // a protocol, or a cipher
      throw new IllegalArgumentException(
          "TLS cannot be set up with protocols "
              + settings.protocols
              + (settings.ciphers == null ? "" : " and ciphers " + settings.ciphers)
              + ": "
              + unknown.getMessage(),
          unknown);
    }
  }
}
