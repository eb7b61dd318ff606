package org.hourtap.server.certificates;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.EllipticCurve;
import java.security.spec.X509EncodedKeySpec;

/// The one kind of key in use: EC on P-256, which every TLS stack has and a Pi can afford.
final class P256 {
    /// A key in the form we ask for takes 91 bytes.
    private static final int ENCODED_BYTES_MAX = 200;

    private P256() {}

    static KeyPair generate() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    /// Reads a stranger's public key.
    ///
    /// @throws IllegalArgumentException if it is not a point on P-256
    static PublicKey decode(byte[] subjectPublicKey) {
        try {
            if (subjectPublicKey.length <= ENCODED_BYTES_MAX
                    && KeyFactory.getInstance("EC")
                                    .generatePublic(new X509EncodedKeySpec(subjectPublicKey))
                            instanceof ECPublicKey key
                    && isSameCurve(
                            key.getParams(), ((ECPublicKey) generate().getPublic()).getParams())
                    && isOnCurve(key)) {
                return key;
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("The public key is not an EC P-256 key.", e);
        }
        throw new IllegalArgumentException("The public key is not an EC P-256 key.");
    }

    private static boolean isSameCurve(ECParameterSpec one, ECParameterSpec other) {
        return one.getCurve().equals(other.getCurve())
                && one.getGenerator().equals(other.getGenerator())
                && one.getOrder().equals(other.getOrder());
    }

    private static boolean isOnCurve(ECPublicKey key) {
        ECPoint point = key.getW();
        EllipticCurve curve = key.getParams().getCurve();
        if (point.equals(ECPoint.POINT_INFINITY)
                || !(curve.getField() instanceof ECFieldFp field)) {
            return false;
        }
        BigInteger p = field.getP();
        BigInteger x = point.getAffineX();
        BigInteger y = point.getAffineY();
        BigInteger right = x.pow(3).add(curve.getA().multiply(x)).add(curve.getB());
        return x.signum() >= 0
                && y.signum() >= 0
                && x.compareTo(p) < 0
                && y.compareTo(p) < 0
                && y.pow(2).mod(p).equals(right.mod(p));
    }
}
