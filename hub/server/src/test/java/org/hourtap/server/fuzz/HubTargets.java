package org.hourtap.server.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.hourtap.contract.testing.Corpus;
import org.hourtap.contract.testing.FuzzTarget;
import org.hourtap.contract.testing.FuzzTargets;
import org.hourtap.server.HubFilesTarget;
import org.hourtap.server.mqtt.BrokerTarget;

/// A hub's edges. Requests and messages have books of their own each, so that neither can take away
/// what the other needs.
public final class HubTargets implements FuzzTargets {
    private final Path folder;
    private final HubFilesTarget files;
    private final RequestTarget request;
    private final TapMessageTarget message;
    private final BrokerTarget broker;

    public HubTargets() throws Exception {
        folder = Corpus.scratch();
        files = new HubFilesTarget(Files.createDirectory(folder.resolve("files")));
        request = new RequestTarget(Files.createDirectory(folder.resolve("request")));
        message = new TapMessageTarget(Files.createDirectory(folder.resolve("message")));
        broker = new BrokerTarget(Files.createDirectory(folder.resolve("broker")));
    }

    @Override
    public List<FuzzTarget> targets() {
        return List.of(
                new FuzzTarget("settings", files::attackSettings),
                new FuzzTarget("key-file", files::attackKeys),
                new FuzzTarget("request", request::attack),
                new FuzzTarget("tap-message", message::attack),
                new FuzzTarget("broker-name", broker::attackRules),
                new FuzzTarget("broker-packet", broker::attackPackets));
    }

    @Override
    public void close() throws IOException {
        request.close();
        message.close();
        broker.close();
        Corpus.remove(folder);
    }
}
