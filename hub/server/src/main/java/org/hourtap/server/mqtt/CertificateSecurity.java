package org.hourtap.server.mqtt;

import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.Subject;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager5;
import org.apache.activemq.artemis.spi.core.security.jaas.UserPrincipal;
import org.apache.activemq.artemis.utils.CertificateUtil;
import org.hourtap.server.certificates.Holder;
import org.jspecify.annotations.Nullable;

/// Tells the broker who is connected and what they may do, from the certificate alone. The broker
/// asks both again for every message (its caches are off), so a revoked terminal loses its rights
/// at once.
final class CertificateSecurity implements ActiveMQSecurityManager5 {
    private final Admission admission;

    CertificateSecurity(Admission admission) {
        this.admission = admission;
    }

    /// @return whose certificate the connection was made with
    static Optional<Holder> holderOf(RemotingConnection connection) {
        X509Certificate @Nullable [] chain = CertificateUtil.getCertsFromConnection(connection);
        return chain == null || chain.length == 0 ? Optional.empty() : Holder.of(chain[0]);
    }

    @Override
    public @Nullable Subject authenticate(
            @Nullable String user,
            @Nullable String password,
            RemotingConnection connection,
            @Nullable String securityDomain) {
        Optional<Holder> holder = holderOf(connection);
        if (user != null
                || holder.isEmpty()
                || !isNamed(holder.get(), String.valueOf(connection.getClientID()))
                || !isAdmitted(holder.get())) {
            return null;
        }
        Subject subject = new Subject();
        // Without a principal of this type the broker refuses every login.
        subject.getPrincipals().add(new UserPrincipal(holder.get().name()));
        subject.getPrincipals().add(new Identity(holder.get()));
        return subject;
    }

    @Override
    public boolean authorize(
            @Nullable Subject subject, Set<Role> roles, CheckType checkType, String address) {
        return subject != null
                && subject.getPrincipals(Identity.class).stream()
                        .anyMatch(who -> AccessRules.mayUse(who.holder(), checkType, address));
    }

    /// Names and passwords are never enough here.
    @Override
    public boolean validateUser(@Nullable String user, @Nullable String password) {
        return false;
    }

    @Override
    public boolean validateUserAndRole(
            @Nullable String user,
            @Nullable String password,
            Set<Role> roles,
            CheckType checkType) {
        return false;
    }

    /// Hubs that share books have one certificate and a client id each, because two clients with
    /// one id throw each other out. No terminal's id has the mark in it.
    private static boolean isNamed(Holder holder, String clientId) {
        return switch (holder) {
            case Holder.Hub hub ->
                    clientId.equals(hub.name())
                            || clientId.startsWith(hub.name() + Holder.INSTANCE_MARK);
            case Holder.Terminal terminal -> clientId.equals(terminal.name());
        };
    }

    private boolean isAdmitted(Holder holder) {
        return switch (holder) {
            case Holder.Hub _ -> true;
            case Holder.Terminal terminal -> admission.isAllowed(terminal);
        };
    }

    private record Identity(Holder holder) implements Principal {
        @Override
        public String getName() {
            return holder.name();
        }
    }
}
