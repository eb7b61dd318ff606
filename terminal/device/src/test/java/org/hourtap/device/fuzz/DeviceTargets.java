package org.hourtap.device.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.hourtap.contract.testing.Corpus;
import org.hourtap.contract.testing.FuzzTarget;
import org.hourtap.contract.testing.FuzzTargets;

/// A terminal's edges. Made once; each target has a folder or a port of its own.
public final class DeviceTargets implements FuzzTargets {
    private final Path folder;
    private final SettingsTarget settings;
    private final StoreTarget store;
    private final PageTarget page;
    private final FrameTarget frame;

    public DeviceTargets() {
        try {
            folder = Corpus.scratch();
            settings = new SettingsTarget(Files.createDirectory(folder.resolve("settings")));
            store = new StoreTarget(Files.createDirectory(folder.resolve("store")));
            page = new PageTarget();
            frame = new FrameTarget();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<FuzzTarget> targets() {
        return List.of(
                new FuzzTarget("settings", settings::attack),
                new FuzzTarget("key-file", settings::attackKeys),
                new FuzzTarget("hub-refusal", SettingsTarget::attackRefusal),
                new FuzzTarget("store", store::attack),
                new FuzzTarget("page", page::attack),
                new FuzzTarget("frame", frame::attack));
    }

    @Override
    public void close() throws IOException {
        page.close();
        frame.close();
        Corpus.remove(folder);
    }
}
