//! The order of names.

/// The order of names in a language. ICU's, because every language has its
/// own: Ukrainian sorts Ґ after Г, Chinese by stroke or sound.
pub(super) struct Collator(icu_collator::CollatorBorrowed<'static>);

impl Collator {
    /// For a BCP 47 tag; the root order where the tag is not one.
    pub(super) fn of(language: &str) -> Self {
        let locale: icu_locale_core::Locale =
            language.parse().unwrap_or(icu_locale_core::Locale::UNKNOWN);
        let options = icu_collator::options::CollatorOptions::default();
        let collator = icu_collator::Collator::try_new(locale.into(), options)
            .or_else(|_| {
                icu_collator::Collator::try_new(icu_locale_core::Locale::UNKNOWN.into(), options)
            })
            .expect("the root order is compiled in");
        Self(collator)
    }

    pub(super) fn compare(&self, a: &str, b: &str) -> std::cmp::Ordering {
        self.0.compare(a, b)
    }
}
