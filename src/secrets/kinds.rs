//! The table of credentials: what each begins with, what follows, and how that is known.

use Body::{Run, Text};
use Class::{Alnum, Base32, Base64, Bech32, Digit, Hex, Letter, Lower, LowerHex, Tilde, Upper, UrlSafe, Word};

/// One kind of credential.
#[derive(Debug)]
pub struct Kind {
    /// What it is, with its article.
    pub name: &'static str,
    /// What it begins with, each of them telling enough.
    pub prefixes: &'static [&'static str],
    /// What stands before the prefix and belongs to it: a class, the least and the most bytes.
    pub lead: Option<(Class, usize, usize)>,
    /// What follows.
    pub body: &'static [Body],
    /// What must hold besides.
    pub check: Check,
    /// How its form is known.
    pub source: &'static str,
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Kind {}

/// A piece of what follows a prefix.
#[derive(Clone, Copy, Debug)]
pub enum Body {
    /// Bytes of a class, at least and at most so many.
    Run(Class, usize, usize),
    /// Just this.
    Text(&'static str),
}

/// A class of ASCII characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// `0-9`
    Digit,
    /// `0-9a-f`
    LowerHex,
    /// `0-9A-Fa-f`
    Hex,
    /// `A-Z2-7`
    Base32,
    /// `0-9A-Z`
    Upper,
    /// `0-9a-z`
    Lower,
    /// `A-Za-z`
    Letter,
    /// `0-9A-Za-z`
    Alnum,
    /// `0-9A-Za-z_`
    Word,
    /// `0-9A-Za-z_-`
    UrlSafe,
    /// `0-9A-Za-z_~.-`
    Tilde,
    /// `0-9A-Za-z+/=`
    Base64,
    /// The characters of bech32 in upper case: no 1, B, I, O.
    Bech32,
}

impl Class {
    /// Whether the byte is of the class.
    #[must_use]
    pub fn has(self, byte: u8) -> bool {
        match self {
            Digit => byte.is_ascii_digit(),
            LowerHex => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
            Hex => byte.is_ascii_hexdigit(),
            Base32 => matches!(byte, b'A'..=b'Z' | b'2'..=b'7'),
            Upper => matches!(byte, b'0'..=b'9' | b'A'..=b'Z'),
            Lower => matches!(byte, b'0'..=b'9' | b'a'..=b'z'),
            Letter => byte.is_ascii_alphabetic(),
            Alnum => byte.is_ascii_alphanumeric(),
            Word => byte.is_ascii_alphanumeric() || byte == b'_',
            UrlSafe => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'),
            Tilde => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'~' | b'.' | b'-'),
            Base64 => byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='),
            Bech32 => matches!(byte, b'0' | b'2'..=b'9' | b'A' | b'C'..=b'H' | b'J'..=b'N' | b'P'..=b'Z'),
        }
    }
}

/// What must hold of a credential besides its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// Nothing.
    Form,
    /// The last 6 characters are the CRC-32 of those between them and the prefix, in base 62.
    Crc32Base62,
    /// Behind the last underscore is the CRC-32 of all that stands before it, least byte first, in hexadecimal.
    Crc32Hex,
    /// The checksum of bech32.
    Bech32,
    /// The first part decodes to decimal digits: the number of an account.
    DecimalHead,
    /// Three parts, the first of which decodes to an object that has `alg`.
    Jwt,
    /// A block of base64 between dashes.
    Pem,
    /// A URL with a password before the host.
    Database,
}

const fn kind(
    name: &'static str,
    prefixes: &'static [&'static str],
    body: &'static [Body],
    source: &'static str,
) -> Kind {
    Kind { name, prefixes, lead: None, body, check: Check::Form, source }
}

const fn checked(
    name: &'static str,
    prefixes: &'static [&'static str],
    body: &'static [Body],
    check: Check,
    source: &'static str,
) -> Kind {
    Kind { name, prefixes, lead: None, body, check, source }
}

const fn led(
    name: &'static str,
    lead: (Class, usize, usize),
    prefixes: &'static [&'static str],
    body: &'static [Body],
    source: &'static str,
) -> Kind {
    Kind { name, prefixes, lead: Some(lead), body, check: Check::Form, source }
}

/// Where the makers say nothing of the form, it is that of keys they handed out.
const SEEN: &str = "as handed out";
const ANNOUNCED: &str = "announced with its prefix by the maker";
const DOCUMENTED: &str = "described in the maker's documentation";

/// All kinds. Where a text is of two kinds, the first is named.
pub static KINDS: &[Kind] = &[
    // Clouds
    kind("an AWS access key id", &["AKIA", "ASIA", "ABIA", "ACCA"], &[Run(Base32, 16, 16)], DOCUMENTED),
    kind("an AWS Bedrock API key", &["ABSKQmVkcm9ja0FQSUtleS"], &[Run(Base64, 60, 260)], SEEN),
    kind("a Google API key", &["AIza"], &[Run(UrlSafe, 35, 35)], SEEN),
    kind("a Google OAuth client secret", &["GOCSPX-"], &[Run(UrlSafe, 28, 28)], SEEN),
    kind("a Google OAuth access token", &["ya29."], &[Run(UrlSafe, 40, 1024)], SEEN),
    kind("an Azure storage key", &["AccountKey=", "SharedAccessKey="], &[Run(Base64, 43, 88)], DOCUMENTED),
    led("an Azure client secret", (Tilde, 3, 3), &["7Q~", "8Q~"], &[Run(Tilde, 31, 34)], SEEN),
    kind("a DigitalOcean token", &["dop_v1_", "doo_v1_", "dor_v1_"], &[Run(LowerHex, 64, 64)], ANNOUNCED),
    kind("an Alibaba Cloud access key id", &["LTAI"], &[Run(Alnum, 16, 20)], SEEN),
    kind("a Tencent Cloud secret id", &["AKID"], &[Run(Alnum, 32, 32)], SEEN),
    kind("a Cloudflare origin CA key", &["v1.0-"], &[Run(LowerHex, 24, 24), Text("-"), Run(LowerHex, 146, 146)], SEEN),
    kind("a Heroku API key", &["HRKU-AA"], &[Run(UrlSafe, 58, 58)], ANNOUNCED),
    kind("a Fly.io token", &["fo1_"], &[Run(UrlSafe, 43, 43)], SEEN),
    kind("a Fly.io token", &["fm1r_", "fm1a_", "fm2_"], &[Run(Base64, 100, 2048)], SEEN),
    kind("a Vercel token", &["vcp_", "vci_", "vca_", "vcr_", "vck_"], &[Run(Alnum, 24, 64)], ANNOUNCED),
    kind("a Supabase token", &["sbp_"], &[Run(LowerHex, 40, 40)], SEEN),
    kind("a Supabase secret key", &["sb_secret_"], &[Run(UrlSafe, 22, 22), Text("_"), Run(UrlSafe, 8, 8)], ANNOUNCED),
    kind("a PlanetScale token", &["pscale_tkn_", "pscale_pw_", "pscale_oauth_"], &[Run(UrlSafe, 32, 64)], ANNOUNCED),
    kind("a Databricks token", &["dapi", "dkea", "dsapi"], &[Run(LowerHex, 32, 32)], DOCUMENTED),
    // Code and packages
    checked(
        "a GitHub token",
        &["ghp_", "gho_", "ghu_", "ghs_"],
        &[Run(Alnum, 36, 36)],
        Check::Crc32Base62,
        "GitHub's note on its token formats, with the checksum",
    ),
    checked("a GitHub refresh token", &["ghr_"], &[Run(Alnum, 36, 76)], Check::Crc32Base62, "as other GitHub tokens"),
    kind("a GitHub token", &["github_pat_"], &[Run(Alnum, 22, 22), Text("_"), Run(Alnum, 59, 59)], ANNOUNCED),
    kind(
        "a GitLab token",
        &[
            "glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "glimt-", "glagent-", "glsoat-", "gloas-",
            "glffct-",
        ],
        &[Run(Tilde, 20, 300)],
        DOCUMENTED,
    ),
    kind("an Atlassian API token", &["ATATT3xFfGF0", "ATCTT3xFfG"], &[Run(UrlSafe, 100, 260)], ANNOUNCED),
    kind("a Bitbucket app password", &["ATBB"], &[Run(Alnum, 32, 32)], ANNOUNCED),
    checked("an npm token", &["npm_"], &[Run(Alnum, 36, 36)], Check::Crc32Base62, "npm's note on its token format"),
    kind("a PyPI token", &["pypi-AgEIcHlwaS5vcmc", "pypi-AgENdGVzdC5weXBpLm9yZ"], &[Run(UrlSafe, 50, 1024)], ANNOUNCED),
    kind("a RubyGems token", &["rubygems_"], &[Run(LowerHex, 48, 48)], ANNOUNCED),
    kind("a crates.io token", &["cio"], &[Run(Alnum, 32, 32)], SEEN),
    kind("a NuGet key", &["oy2"], &[Run(Lower, 43, 43)], SEEN),
    kind("a Clojars token", &["CLOJARS_"], &[Run(Lower, 60, 60)], ANNOUNCED),
    kind("a Docker Hub token", &["dckr_pat_", "dckr_oat_"], &[Run(UrlSafe, 27, 32)], ANNOUNCED),
    kind("a JFrog key", &["AKCp"], &[Run(Alnum, 69, 69)], SEEN),
    kind("a SonarQube token", &["sqp_", "squ_", "sqa_"], &[Run(LowerHex, 40, 40)], ANNOUNCED),
    kind("a Sourcegraph token", &["sgp_"], &[Run(LowerHex, 40, 40)], ANNOUNCED),
    kind("a Buildkite token", &["bkua_", "bkaj_"], &[Run(LowerHex, 40, 40)], ANNOUNCED),
    kind("a CircleCI token", &["CCIPAT_"], &[Run(Alnum, 22, 22), Text("_"), Run(LowerHex, 40, 40)], ANNOUNCED),
    kind("a Pulumi token", &["pul-"], &[Run(LowerHex, 40, 40)], SEEN),
    led("a Terraform Cloud token", (Alnum, 14, 14), &[".atlasv1."], &[Run(UrlSafe, 60, 70)], DOCUMENTED),
    kind("a Postman key", &["PMAK-"], &[Run(LowerHex, 24, 24), Text("-"), Run(LowerHex, 34, 34)], ANNOUNCED),
    kind("a Figma token", &["figd_"], &[Run(UrlSafe, 40, 64)], SEEN),
    kind("a Linear key", &["lin_api_"], &[Run(Alnum, 40, 40)], ANNOUNCED),
    kind("a Notion token", &["ntn_"], &[Run(Alnum, 46, 46)], ANNOUNCED),
    kind("a Notion token", &["secret_"], &[Run(Alnum, 43, 43)], DOCUMENTED),
    kind("an Airtable token", &["pat"], &[Run(Alnum, 14, 14), Text("."), Run(LowerHex, 64, 64)], DOCUMENTED),
    kind("a Typeform token", &["tfp_"], &[Run(UrlSafe, 40, 64)], SEEN),
    // Models
    kind("an OpenAI key", &["sk-proj-", "sk-svcacct-", "sk-admin-", "sk-None-"], &[Run(UrlSafe, 40, 200)], DOCUMENTED),
    kind(
        "an Anthropic key",
        &["sk-ant-api03-", "sk-ant-admin01-", "sk-ant-oat01-", "sk-ant-sid01-"],
        &[Run(UrlSafe, 80, 120)],
        SEEN,
    ),
    kind("an OpenRouter key", &["sk-or-v1-"], &[Run(LowerHex, 64, 64)], SEEN),
    kind("an OpenAI key", &["sk-"], &[Run(Alnum, 32, 64)], "older keys, and those of services that copy the API"),
    kind("a Hugging Face token", &["hf_"], &[Run(Letter, 34, 34)], ANNOUNCED),
    kind("a Hugging Face token", &["api_org_"], &[Run(Letter, 34, 34)], ANNOUNCED),
    kind("a Groq key", &["gsk_"], &[Run(Alnum, 52, 52)], SEEN),
    kind("a Replicate token", &["r8_"], &[Run(Alnum, 37, 37)], ANNOUNCED),
    kind("an xAI key", &["xai-"], &[Run(Alnum, 80, 80)], SEEN),
    kind("a Perplexity key", &["pplx-"], &[Run(Alnum, 48, 48)], SEEN),
    kind("an NVIDIA key", &["nvapi-"], &[Run(UrlSafe, 60, 80)], SEEN),
    kind("a Pinecone key", &["pcsk_"], &[Run(Word, 60, 80)], ANNOUNCED),
    kind(
        "a LangSmith key",
        &["lsv2_pt_", "lsv2_sk_"],
        &[Run(LowerHex, 32, 32), Text("_"), Run(LowerHex, 10, 10)],
        SEEN,
    ),
    kind("a Together key", &["tgp_v1_"], &[Run(UrlSafe, 43, 43)], SEEN),
    kind("a Fireworks key", &["fw_"], &[Run(Alnum, 22, 24)], SEEN),
    kind("a Tavily key", &["tvly-dev-", "tvly-prod-", "tvly-"], &[Run(Alnum, 32, 32)], SEEN),
    kind("a Jina key", &["jina_"], &[Run(UrlSafe, 60, 60)], SEEN),
    kind("an ElevenLabs key", &["sk_"], &[Run(LowerHex, 48, 48)], SEEN),
    // Messages and mail
    kind("a Slack token", &["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-"], &[Run(UrlSafe, 24, 255)], DOCUMENTED),
    kind(
        "a Slack app token",
        &["xapp-1-"],
        &[Run(Upper, 9, 12), Text("-"), Run(Digit, 10, 14), Text("-"), Run(LowerHex, 64, 64)],
        DOCUMENTED,
    ),
    kind(
        "a Slack configuration token",
        &["xoxe-1-", "xoxe.xoxp-1-", "xoxe.xoxb-1-"],
        &[Run(UrlSafe, 100, 260)],
        DOCUMENTED,
    ),
    kind(
        "a Slack webhook",
        &["hooks.slack.com/services/T", "hooks.slack.com/workflows/T"],
        &[Run(Upper, 7, 12), Text("/"), Run(Upper, 8, 14), Text("/"), Run(Alnum, 20, 32)],
        DOCUMENTED,
    ),
    kind(
        "a Discord webhook",
        &["discord.com/api/webhooks/", "discordapp.com/api/webhooks/"],
        &[Run(Digit, 17, 20), Text("/"), Run(UrlSafe, 60, 80)],
        DOCUMENTED,
    ),
    checked(
        "a Discord bot token",
        &["MT", "Mj", "Mz", "ND", "NT", "Nj", "Nz", "OD", "OT"],
        &[Run(Alnum, 20, 26), Text("."), Run(UrlSafe, 6, 6), Text("."), Run(UrlSafe, 27, 38)],
        Check::DecimalHead,
        "the first part is the number of the bot's account",
    ),
    led("a Telegram bot token", (Digit, 8, 10), &[":AA"], &[Run(UrlSafe, 33, 33)], DOCUMENTED),
    kind("a SendGrid key", &["SG."], &[Run(UrlSafe, 22, 22), Text("."), Run(UrlSafe, 43, 43)], DOCUMENTED),
    kind("a Twilio key", &["SK"], &[Run(LowerHex, 32, 32)], DOCUMENTED),
    kind("a Mailgun key", &["key-"], &[Run(LowerHex, 32, 32)], DOCUMENTED),
    kind("a Brevo key", &["xkeysib-"], &[Run(LowerHex, 64, 64), Text("-"), Run(Alnum, 16, 16)], DOCUMENTED),
    kind("a Resend key", &["re_"], &[Run(Alnum, 8, 8), Text("_"), Run(Alnum, 24, 24)], SEEN),
    // Money and shops
    kind("a Stripe key", &["sk_live_", "rk_live_"], &[Run(Alnum, 24, 247)], DOCUMENTED),
    kind("a Stripe webhook secret", &["whsec_"], &[Run(Alnum, 32, 64)], DOCUMENTED),
    kind("a Square token", &["sq0atp-"], &[Run(UrlSafe, 22, 22)], DOCUMENTED),
    kind("a Square OAuth secret", &["sq0csp-"], &[Run(UrlSafe, 43, 43)], DOCUMENTED),
    kind(
        "a Braintree token",
        &["access_token$production$"],
        &[Run(Lower, 16, 16), Text("$"), Run(LowerHex, 32, 32)],
        DOCUMENTED,
    ),
    kind("a Razorpay key", &["rzp_live_"], &[Run(Alnum, 14, 24)], DOCUMENTED),
    kind("a Flutterwave key", &["FLWSECK-"], &[Run(LowerHex, 32, 32), Text("-X")], DOCUMENTED),
    kind("a Shopify token", &["shpat_", "shpca_", "shppa_", "shpss_"], &[Run(Hex, 32, 32)], ANNOUNCED),
    kind("a Duffel token", &["duffel_live_"], &[Run(UrlSafe, 43, 43)], DOCUMENTED),
    kind("a Shippo token", &["shippo_live_"], &[Run(LowerHex, 40, 40)], DOCUMENTED),
    kind("an EasyPost key", &["EZAK"], &[Run(Alnum, 54, 54)], DOCUMENTED),
    // Running things
    checked(
        "a Grafana token",
        &["glsa_"],
        &[Run(Alnum, 32, 32), Text("_"), Run(LowerHex, 8, 8)],
        Check::Crc32Hex,
        "Grafana's own source, with the checksum",
    ),
    kind("a Grafana Cloud token", &["glc_eyJ"], &[Run(Base64, 60, 400)], ANNOUNCED),
    kind("a Vault token", &["hvs.", "hvb.", "hvr."], &[Run(UrlSafe, 24, 300)], DOCUMENTED),
    kind(
        "a Doppler token",
        &["dp.pt.", "dp.ct.", "dp.sa.", "dp.scim.", "dp.audit."],
        &[Run(Alnum, 40, 44)],
        DOCUMENTED,
    ),
    kind("a Doppler token", &["dp.st."], &[Run(Tilde, 40, 80)], DOCUMENTED),
    kind("a Sentry token", &["sntrys_eyJ"], &[Run(Base64, 80, 500)], ANNOUNCED),
    kind("a Sentry token", &["sntryu_"], &[Run(LowerHex, 64, 64)], ANNOUNCED),
    kind("a New Relic key", &["NRAK-"], &[Run(Upper, 27, 27)], DOCUMENTED),
    kind(
        "a Dynatrace token",
        &["dt0c01.", "dt0s16."],
        &[Run(Base32, 24, 24), Text("."), Run(Base32, 64, 64)],
        DOCUMENTED,
    ),
    kind(
        "a Tailscale key",
        &["tskey-auth-", "tskey-api-", "tskey-client-", "tskey-scim-"],
        &[Run(Alnum, 10, 24), Text("-"), Run(Alnum, 24, 40)],
        ANNOUNCED,
    ),
    kind("a 1Password service account token", &["ops_eyJ"], &[Run(Base64, 200, 2048)], ANNOUNCED),
    kind("a Prefect key", &["pnu_", "pnb_"], &[Run(Alnum, 36, 36)], SEEN),
    kind("a Contentful token", &["CFPAT-"], &[Run(UrlSafe, 43, 43)], DOCUMENTED),
    kind("a Mapbox secret token", &["sk.eyJ"], &[Run(UrlSafe, 50, 120), Text("."), Run(UrlSafe, 20, 24)], DOCUMENTED),
    // Of no maker
    checked(
        "an age secret key",
        &["AGE-SECRET-KEY-1"],
        &[Run(Bech32, 58, 58)],
        Check::Bech32,
        "the format's specification",
    ),
    checked("a JSON web token", &["eyJ", "ewog"], &[Run(UrlSafe, 12, 4096)], Check::Jwt, "RFC 7519"),
    checked("a private key", &["-----BEGIN "], &[], Check::Pem, "RFC 7468, and OpenSSH and PGP alike"),
    checked(
        "a database password",
        &[
            "postgres://",
            "postgresql://",
            "mysql://",
            "mariadb://",
            "mongodb://",
            "mongodb+srv://",
            "redis://",
            "rediss://",
            "amqp://",
            "amqps://",
            "mssql://",
            "sqlserver://",
            "clickhouse://",
            "cockroachdb://",
            "postgresql+psycopg2://",
            "postgresql+asyncpg://",
            "postgresql+psycopg://",
            "mysql+pymysql://",
            "mssql+pyodbc://",
            "oracle://",
            "snowflake://",
            "nats://",
            "neo4j://",
            "neo4j+s://",
            "bolt://",
        ],
        &[],
        Check::Database,
        "the form of URLs, RFC 3986",
    ),
];
