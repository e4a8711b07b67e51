//! Services that are recognised by the program that listens and the port it listens on.

/// A service that is recognised.
pub(super) struct KnownService {
    pub(super) name: &'static str,
    /// Names of its processes (`comm`, 15 characters at most); one that ends with `*` stands for all
    /// that begin so.
    programs: &'static [&'static str],
    /// Ports that must fit, too, where the program alone says too little (`java`).
    ports: &'static [u16],
    /// Whether its protocol is understood, so that its requests can be counted.
    pub(super) speaks_http: bool,
}

const HTTP: bool = true;
const OTHER: bool = false;

const fn by_program(
    name: &'static str,
    programs: &'static [&'static str],
    speaks_http: bool,
) -> KnownService {
    KnownService { name, programs, ports: &[], speaks_http }
}

const fn by_port(
    name: &'static str,
    programs: &'static [&'static str],
    ports: &'static [u16],
    speaks_http: bool,
) -> KnownService {
    KnownService { name, programs, ports, speaks_http }
}

/// The first that fits is the one.
const KNOWN: &[KnownService] = &[
    by_program("nginx", &["nginx", "nginx:*", "openresty"], HTTP),
    by_program("httpd", &["httpd", "apache2", "lighttpd", "caddy"], HTTP),
    by_program("haproxy", &["haproxy"], HTTP),
    by_program("envoy", &["envoy"], HTTP),
    by_program("traefik", &["traefik"], HTTP),
    by_program("redis", &["redis-server*", "valkey-server*", "keydb-server"], OTHER),
    by_program("memcached", &["memcached"], OTHER),
    by_program("postgresql", &["postgres*", "pgbouncer"], OTHER),
    by_program("mysql", &["mysqld", "mariadbd"], OTHER),
    by_program("mongodb", &["mongod", "mongos"], OTHER),
    by_program("rabbitmq", &["rabbitmq-server"], OTHER),
    by_port("rabbitmq", &["beam.smp", "erl_child_setup"], &[5672, 5671, 25672], OTHER),
    by_program("nats", &["nats-server"], OTHER),
    by_program("etcd", &["etcd"], OTHER),
    by_program("consul", &["consul"], HTTP),
    by_program("vault", &["vault"], HTTP),
    by_program("clickhouse", &["clickhouse*"], HTTP),
    by_program("influxdb", &["influxd"], HTTP),
    by_program("minio", &["minio"], HTTP),
    by_program("prometheus", &["prometheus"], HTTP),
    by_program("alertmanager", &["alertmanager"], HTTP),
    by_program("grafana", &["grafana*"], HTTP),
    by_program("coredns", &["coredns"], OTHER),
    by_program("kubernetes", &["kube-apiserver", "kubelet"], OTHER),
    by_program("docker-registry", &["registry"], HTTP),
    by_port("kafka", &["java"], &[9092, 9093], OTHER),
    by_port("zookeeper", &["java"], &[2181], OTHER),
    by_port("elasticsearch", &["java"], &[9200, 9300], HTTP),
    by_port("cassandra", &["java"], &[9042, 7000], OTHER),
    by_program("java", &["java"], HTTP),
    by_program("node.js", &["node", "npm*"], HTTP),
    by_program("php-fpm", &["php-fpm*"], OTHER),
    by_program("gunicorn", &["gunicorn*", "uvicorn", "uwsgi"], HTTP),
    by_program("puma", &["puma*"], HTTP),
];

/// The service that a program which listens on a port is.
pub(super) fn recognise(program: &str, port: u16) -> Option<&'static KnownService> {
    KNOWN.iter().find(|known| {
        let fits = |pattern: &&str| match pattern.strip_suffix('*') {
            Some(begin) => program.starts_with(begin),
            None => program == *pattern,
        };
        known.programs.iter().any(fits) && (known.ports.is_empty() || known.ports.contains(&port))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_recognised_by_program_and_port() {
        for (program, port, name) in [
            ("nginx", 80, Some("nginx")),
            ("nginx: worker", 80, Some("nginx")),
            ("redis-server", 6380, Some("redis")),
            ("postgres", 5432, Some("postgresql")),
            ("java", 9092, Some("kafka")),
            ("java", 9200, Some("elasticsearch")),
            ("java", 8080, Some("java")),
            ("beam.smp", 5672, Some("rabbitmq")),
            ("beam.smp", 4369, None),
            ("httpd", 80, Some("httpd")),
            ("sshd", 22, None),
            ("", 80, None),
        ] {
            assert_eq!(recognise(program, port).map(|known| known.name), name, "{program} on {port}");
        }
    }

    #[test]
    fn names_of_programs_fit_into_what_the_kernel_keeps() {
        for pattern in KNOWN.iter().flat_map(|known| known.programs) {
            assert!(pattern.trim_end_matches('*').len() <= 15, "{pattern}");
        }
    }
}
