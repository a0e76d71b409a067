package dev.weft.net.tls;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A certificate with those that vouch for it, and the key that goes with it.
 *
 * @param chain that of the owner first
 */
public record Identity(PrivateKey key, List<X509Certificate> chain) {
  /**
   * Checks that they belong together, which is else found out by the first client.
   *
   * @param from where they come from, for the message
   * @throws InvalidKeyException if they do not
   */
  public static Identity of(PrivateKey key, List<X509Certificate> chain, String from)
      throws GeneralSecurityException {
    PublicKey published = chain.get(0).getPublicKey();
    String algorithm = signature(key);
    if (algorithm == null || !sameKind(key, published) || !verifies(key, published, algorithm)) {
      throw new InvalidKeyException(
          from + ": The key does not belong to the certificate of " + subject(chain));
    }
    return new Identity(key, List.copyOf(chain));
  }

  private static boolean sameKind(PrivateKey key, PublicKey published) {
    return family(key.getAlgorithm()).equals(family(published.getAlgorithm()));
  }

  /** The JDK calls the same algorithm by a name of the family, or of the curve. */
  private static String family(String algorithm) {
    String plain = algorithm.toUpperCase(Locale.ROOT);
    return plain.startsWith("ED") ? "EDDSA" : plain.equals("RSASSA-PSS") ? "RSA" : plain;
  }

  private static @Nullable String signature(PrivateKey key) {
    return switch (family(key.getAlgorithm())) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      case "EDDSA" -> "EdDSA";
      case "DSA" -> "SHA256withDSA";
      default -> null;
    };
  }

  private static boolean verifies(PrivateKey key, PublicKey published, String algorithm)
      throws GeneralSecurityException {
    byte[] probe = {'w', 'e', 'f', 't'};
    try {
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(probe);
      byte[] signed = signer.sign();
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(published);
      verifier.update(probe);
      return verifier.verify(signed);
    } catch (java.security.SignatureException ofAnotherLength) {
      return false;
    } catch (InvalidKeyException notForThat) {
      // a key of RSASSA-PSS, or one in hardware; then the handshake finds out
      return true;
    }
  }

  static String subject(List<X509Certificate> chain) {
    return chain.get(0).getSubjectX500Principal().getName();
  }

  /** Whether a peer that wants such a key can do with this one; the types are the JDK's. */
  boolean isOfType(String keyType) {
    int end = keyType.indexOf('_'); // EC_RSA: an EC key, of a certificate that RSA has signed
    String wanted = end < 0 ? keyType : keyType.substring(0, end);
    return family(wanted).equals(family(key.getAlgorithm()))
        && wanted.equalsIgnoreCase("RSASSA-PSS")
            == key.getAlgorithm().equalsIgnoreCase("RSASSA-PSS");
  }

  X509Certificate[] chainArray() {
    return chain.toArray(new X509Certificate[0]);
  }
}
