// One process, so that the whole suite shares one server and one browser.
import './shop.js';
import './pages.js';
import './playground.js';
import './studio.js';
import './results.js';
import './experiments.js';
