package dev.weft.release;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRingCollection;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureList;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.bc.BcPGPObjectFactory;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;
import org.jspecify.annotations.Nullable;

/** The detached signatures beside the files. */
final class Signatures {
  private final @Nullable PGPPublicKeyRingCollection keys;
  private final Findings findings;
  private final Set<String> signers = new TreeSet<>();
  private int verified;

  /**
   * @param key a file with public keys, armored; without one the signatures are read and not
   *     verified
   */
  Signatures(@Nullable Path key, Findings findings) throws IOException {
    this.keys = key == null ? null : read(key);
    this.findings = findings;
  }

  private static PGPPublicKeyRingCollection read(Path key) throws IOException {
    try (InputStream armored = PGPUtil.getDecoderStream(Files.newInputStream(key))) {
      return new PGPPublicKeyRingCollection(armored, new BcKeyFingerprintCalculator());
    } catch (PGPException malformed) {
      throw new IOException(key + " holds no public key: " + malformed.getMessage(), malformed);
    }
  }

  void check(Path file) throws IOException {
    Path asc = StagedArtifact.signatureOf(file);
    if (!Files.exists(asc)) {
      findings.problem(asc.getFileName() + " is missing");
      return;
    }
    try (InputStream armored = PGPUtil.getDecoderStream(Files.newInputStream(asc))) {
      if (new BcPGPObjectFactory(armored).nextObject() instanceof PGPSignatureList list
          && list.size() == 1) {
        verify(file, asc, list.get(0));
      } else {
        findings.problem(asc.getFileName() + " is no detached signature");
      }
    } catch (PGPException malformed) {
      findings.problem(asc.getFileName() + " cannot be verified: " + malformed.getMessage());
    }
  }

  private void verify(Path file, Path asc, PGPSignature signature)
      throws IOException, PGPException {
    String signer = Long.toHexString(signature.getKeyID()).toUpperCase(Locale.ROOT);
    signers.add(signer);
    if (keys == null) {
      return;
    }
    PGPPublicKey key = keys.getPublicKey(signature.getKeyID());
    if (key == null) {
      findings.problem(asc.getFileName() + " is by another key, " + signer);
      return;
    }
    signature.init(new BcPGPContentVerifierBuilderProvider(), key);
    signature.update(Files.readAllBytes(file));
    if (signature.verify()) {
      verified++;
    } else {
      findings.problem(asc.getFileName() + " is not that of the file");
    }
  }

  /** Who signed; more than one is wrong. */
  void sum() {
    findings.fact(
        "signed by "
            + String.join(", ", signers)
            + (keys == null
                ? "; not verified, as no public key was given (-Dweft.release.key=FILE)"
                : "; " + verified + " signatures verified"));
    if (signers.size() > 1) {
      findings.problem("more than one key was signed with: " + String.join(", ", signers));
    }
  }
}
