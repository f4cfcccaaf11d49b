// Leads on from an address that a page used to have, with what the reader's
// address says besides: the query and the place on the page.
"use strict";

location.replace(document.currentScript.dataset.to + location.search + location.hash);
