package import SQL

/// The host's own tables, version by version. A shipped version never changes; a new one is a new file and a line.
package enum HostSchema {
    package static let series = MigrationSeries(
        name: "host",
        migrations: [
            .ground, .ledger, .names, .people, .alerts, .shop, .nodes, .backups, .instance, .answers, .sightings,
        ])
}
