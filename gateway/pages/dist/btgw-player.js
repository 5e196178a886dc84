import{a as Ps,b as Ns,c as Zr}from"./chunk-VKV2LIFM.js";import{a as Us,d as Hs,e as Fs,f as $s}from"./chunk-EX7DXNCB.js";import"./chunk-I7AUKTXE.js";function F(t,e,...i){let r=document.createElement(t);for(let[a,s]of Object.entries(e??{}))s===!1||s===void 0||s===null||(typeof s=="function"?r.addEventListener(a.slice(2),s):r.setAttribute(a,s===!0?"":String(s)));return r.append(...i.filter(a=>!!a||a==="")),r}var wi=class{addEventListener(){}removeEventListener(){}dispatchEvent(){return!0}},Mi=class extends wi{},Li=class extends Mi{constructor(){super(...arguments),this.role=null}},Xr=class{observe(){}unobserve(){}disconnect(){}},Bs={createElement:function(){return new Vt.HTMLElement},createElementNS:function(){return new Vt.HTMLElement},addEventListener(){},removeEventListener(){},dispatchEvent(t){return!1}},Vt={ResizeObserver:Xr,document:Bs,Node:Mi,Element:Li,HTMLElement:class extends Li{constructor(){super(...arguments),this.innerHTML=""}get content(){return new Vt.DocumentFragment}},DocumentFragment:class extends wi{},customElements:{get:function(){},define:function(){},whenDefined:function(){}},localStorage:{getItem(t){return null},setItem(t,e){},removeItem(t){}},CustomEvent:function(){},getComputedStyle:function(){},navigator:{languages:[],get userAgent(){return""}},matchMedia(t){return{matches:!1,media:t}},DOMParser:class{parseFromString(e,i){return{body:{textContent:e}}}}},Ws="global"in globalThis&&globalThis?.global===globalThis||typeof window>"u"||typeof window.customElements>"u",Vs=Object.keys(Vt).every(t=>t in globalThis),d=Ws&&!Vs?Vt:globalThis,W=Ws&&!Vs?Bs:globalThis.document;var h={MEDIA_PLAY_REQUEST:"mediaplayrequest",MEDIA_PAUSE_REQUEST:"mediapauserequest",MEDIA_MUTE_REQUEST:"mediamuterequest",MEDIA_UNMUTE_REQUEST:"mediaunmuterequest",MEDIA_LOOP_REQUEST:"medialooprequest",MEDIA_VOLUME_REQUEST:"mediavolumerequest",MEDIA_SEEK_REQUEST:"mediaseekrequest",MEDIA_AIRPLAY_REQUEST:"mediaairplayrequest",MEDIA_ENTER_FULLSCREEN_REQUEST:"mediaenterfullscreenrequest",MEDIA_EXIT_FULLSCREEN_REQUEST:"mediaexitfullscreenrequest",MEDIA_PREVIEW_REQUEST:"mediapreviewrequest",MEDIA_ENTER_PIP_REQUEST:"mediaenterpiprequest",MEDIA_EXIT_PIP_REQUEST:"mediaexitpiprequest",MEDIA_ENTER_CAST_REQUEST:"mediaentercastrequest",MEDIA_EXIT_CAST_REQUEST:"mediaexitcastrequest",MEDIA_SHOW_TEXT_TRACKS_REQUEST:"mediashowtexttracksrequest",MEDIA_HIDE_TEXT_TRACKS_REQUEST:"mediahidetexttracksrequest",MEDIA_SHOW_SUBTITLES_REQUEST:"mediashowsubtitlesrequest",MEDIA_DISABLE_SUBTITLES_REQUEST:"mediadisablesubtitlesrequest",MEDIA_TOGGLE_SUBTITLES_REQUEST:"mediatogglesubtitlesrequest",MEDIA_PLAYBACK_RATE_REQUEST:"mediaplaybackraterequest",MEDIA_RENDITION_REQUEST:"mediarenditionrequest",MEDIA_AUDIO_TRACK_REQUEST:"mediaaudiotrackrequest",MEDIA_SEEK_TO_LIVE_REQUEST:"mediaseektoliverequest",REGISTER_MEDIA_STATE_RECEIVER:"registermediastatereceiver",UNREGISTER_MEDIA_STATE_RECEIVER:"unregistermediastatereceiver"},k={MEDIA_CHROME_ATTRIBUTES:"mediachromeattributes",MEDIA_CONTROLLER:"mediacontroller"},Jr={MEDIA_AIRPLAY_UNAVAILABLE:"mediaAirplayUnavailable",MEDIA_AUDIO_TRACK_ENABLED:"mediaAudioTrackEnabled",MEDIA_AUDIO_TRACK_LIST:"mediaAudioTrackList",MEDIA_AUDIO_TRACK_UNAVAILABLE:"mediaAudioTrackUnavailable",MEDIA_BUFFERED:"mediaBuffered",MEDIA_CAST_UNAVAILABLE:"mediaCastUnavailable",MEDIA_CHAPTERS_CUES:"mediaChaptersCues",MEDIA_CURRENT_TIME:"mediaCurrentTime",MEDIA_DURATION:"mediaDuration",MEDIA_ENDED:"mediaEnded",MEDIA_ERROR:"mediaError",MEDIA_ERROR_CODE:"mediaErrorCode",MEDIA_ERROR_MESSAGE:"mediaErrorMessage",MEDIA_FULLSCREEN_UNAVAILABLE:"mediaFullscreenUnavailable",MEDIA_HAS_PLAYED:"mediaHasPlayed",MEDIA_HEIGHT:"mediaHeight",MEDIA_IS_AIRPLAYING:"mediaIsAirplaying",MEDIA_IS_CASTING:"mediaIsCasting",MEDIA_IS_FULLSCREEN:"mediaIsFullscreen",MEDIA_IS_PIP:"mediaIsPip",MEDIA_LOADING:"mediaLoading",MEDIA_MUTED:"mediaMuted",MEDIA_LOOP:"mediaLoop",MEDIA_PAUSED:"mediaPaused",MEDIA_PIP_UNAVAILABLE:"mediaPipUnavailable",MEDIA_PLAYBACK_RATE:"mediaPlaybackRate",MEDIA_PREVIEW_CHAPTER:"mediaPreviewChapter",MEDIA_PREVIEW_COORDS:"mediaPreviewCoords",MEDIA_PREVIEW_IMAGE:"mediaPreviewImage",MEDIA_PREVIEW_TIME:"mediaPreviewTime",MEDIA_RENDITION_LIST:"mediaRenditionList",MEDIA_RENDITION_SELECTED:"mediaRenditionSelected",MEDIA_RENDITION_UNAVAILABLE:"mediaRenditionUnavailable",MEDIA_SEEKABLE:"mediaSeekable",MEDIA_STREAM_TYPE:"mediaStreamType",MEDIA_SUBTITLES_LIST:"mediaSubtitlesList",MEDIA_SUBTITLES_SHOWING:"mediaSubtitlesShowing",MEDIA_TARGET_LIVE_WINDOW:"mediaTargetLiveWindow",MEDIA_TIME_IS_LIVE:"mediaTimeIsLive",MEDIA_VOLUME:"mediaVolume",MEDIA_VOLUME_LEVEL:"mediaVolumeLevel",MEDIA_VOLUME_UNAVAILABLE:"mediaVolumeUnavailable",MEDIA_LANG:"mediaLang",MEDIA_WIDTH:"mediaWidth"},Ks=Object.entries(Jr),o=Ks.reduce((t,[e,i])=>(t[e]=i.toLowerCase(),t),{}),$n={USER_INACTIVE_CHANGE:"userinactivechange",BREAKPOINTS_CHANGE:"breakpointchange",BREAKPOINTS_COMPUTED:"breakpointscomputed"},Ye=Ks.reduce((t,[e,i])=>(t[e]=i.toLowerCase(),t),{...$n}),rc=Object.entries(Ye).reduce((t,[e,i])=>{let r=o[e];return r&&(t[i]=r),t},{userinactivechange:"userinactive"}),Gs=Object.entries(o).reduce((t,[e,i])=>{let r=Ye[e];return r&&(t[i]=r),t},{userinactive:"userinactivechange"}),j={SUBTITLES:"subtitles",CAPTIONS:"captions",DESCRIPTIONS:"descriptions",CHAPTERS:"chapters",METADATA:"metadata"},xe={DISABLED:"disabled",HIDDEN:"hidden",SHOWING:"showing"};var Ri={MOUSE:"mouse",PEN:"pen",TOUCH:"touch"},ee={UNAVAILABLE:"unavailable",UNSUPPORTED:"unsupported"},ie={LIVE:"live",ON_DEMAND:"on-demand",UNKNOWN:"unknown"};var qs={INLINE:"inline",FULLSCREEN:"fullscreen",PICTURE_IN_PICTURE:"picture-in-picture"};var Ys=new WeakMap,jr=t=>{let e=Ys.get(t);return e||Ys.set(t,e=new Set),e},Qs=new d.ResizeObserver(t=>{for(let e of t)for(let i of jr(e.target))i(e)});function Di(t,e){jr(t).add(e),Qs.observe(t)}function Ci(t,e){let i=jr(t);i.delete(e),i.size||Qs.unobserve(t)}function V(t){let e={};for(let i of t)e[i.name]=i.value;return e}function zs(t){var e;return(e=Bn(t))!=null?e:Oe(t,"media-controller")}function Bn(t){var e;let{MEDIA_CONTROLLER:i}=k,r=t.getAttribute(i);if(r)return(e=Vn(t))==null?void 0:e.getElementById(r)}var xi=(t,e,i=".value")=>{let r=t.querySelector(i);r&&(r.textContent=e)},Wn=(t,e)=>{let i=`slot[name="${e}"]`,r=t.shadowRoot.querySelector(i);return r?r.children:[]},Oi=(t,e)=>Wn(t,e)[0],fe=(t,e)=>!t||!e?!1:t?.contains(e)?!0:fe(t,e.getRootNode().host),Oe=(t,e)=>{if(!t)return null;let i=t.closest(e);return i||Oe(t.getRootNode().host,e)};function ea(t=document){var e;let i=t?.activeElement;return i?(e=ea(i.shadowRoot))!=null?e:i:null}function Vn(t){var e;let i=(e=t?.getRootNode)==null?void 0:e.call(t);return i instanceof ShadowRoot||i instanceof Document?i:null}function Ui(t,{depth:e=3,checkOpacity:i=!0,checkVisibilityCSS:r=!0}={}){if(t.checkVisibility)return t.checkVisibility({checkOpacity:i,checkVisibilityCSS:r});let a=t;for(;a&&e>0;){let s=getComputedStyle(a);if(i&&s.opacity==="0"||r&&s.visibility==="hidden"||s.display==="none")return!1;a=a.parentElement,e--}return!0}function Zs(t,e,i,r){let a=r.x-i.x,s=r.y-i.y,n=a*a+s*s;if(n===0)return 0;let l=((t-i.x)*a+(e-i.y)*s)/n;return Math.max(0,Math.min(1,l))}function C(t,e){let i=Kn(t,r=>r===e);return i||ta(t,e)}function Kn(t,e){var i,r;let a;for(a of(i=t.querySelectorAll("style:not([media])"))!=null?i:[]){let s;try{s=(r=a.sheet)==null?void 0:r.cssRules}catch{continue}for(let n of s??[])if(e(n.selectorText))return n}}function ta(t,e){var i,r;let a=(i=t.querySelectorAll("style:not([media])"))!=null?i:[],s=a?.[a.length-1];if(!s?.sheet)return console.warn("Media Chrome: No style sheet found on style tag of",t),{style:{setProperty:()=>{},removeProperty:()=>"",getPropertyValue:()=>""}};let n=s?.sheet.insertRule(`${e}{}`,s.sheet.cssRules.length);return(r=s.sheet.cssRules)==null?void 0:r[n]}function x(t,e,i=Number.NaN){let r=t.getAttribute(e);return r!=null?+r:i}function H(t,e,i){let r=+i;if(i==null||Number.isNaN(r)){t.hasAttribute(e)&&t.removeAttribute(e);return}x(t,e,void 0)!==r&&t.setAttribute(e,`${r}`)}function b(t,e){return t.hasAttribute(e)}function A(t,e,i){if(i==null){t.hasAttribute(e)&&t.removeAttribute(e);return}b(t,e)!=i&&t.toggleAttribute(e,i)}function R(t,e,i=null){var r;return(r=t.getAttribute(e))!=null?r:i}function L(t,e,i){if(i==null){t.hasAttribute(e)&&t.removeAttribute(e);return}let r=`${i}`;R(t,e,void 0)!==r&&t.setAttribute(e,r)}var Xs=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},ce=(t,e,i)=>(Xs(t,e,"read from private field"),i?i.call(t):e.get(t)),Gn=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Pi=(t,e,i,r)=>(Xs(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),z;function qn(t){return`
    <style>
      :host {
        display: var(--media-control-display, var(--media-gesture-receiver-display, inline-block));
        box-sizing: border-box;
      }
    </style>
  `}var ut=class extends d.HTMLElement{constructor(){if(super(),Gn(this,z,void 0),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=V(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(e)}}static get observedAttributes(){return[k.MEDIA_CONTROLLER,o.MEDIA_PAUSED]}attributeChangedCallback(e,i,r){var a,s,n,l,c;e===k.MEDIA_CONTROLLER&&(i&&((s=(a=ce(this,z))==null?void 0:a.unassociateElement)==null||s.call(a,this),Pi(this,z,null)),r&&this.isConnected&&(Pi(this,z,(n=this.getRootNode())==null?void 0:n.getElementById(r)),(c=(l=ce(this,z))==null?void 0:l.associateElement)==null||c.call(l,this)))}connectedCallback(){var e,i;this.tabIndex=-1,this.setAttribute("aria-hidden","true"),Pi(this,z,Yn(this)),this.getAttribute(k.MEDIA_CONTROLLER)&&((i=(e=ce(this,z))==null?void 0:e.associateElement)==null||i.call(e,this)),ce(this,z)&&(ce(this,z).addEventListener("pointerdown",this),ce(this,z).addEventListener("click",this),ce(this,z).hasAttribute("tabindex")||(ce(this,z).tabIndex=0))}disconnectedCallback(){var e,i,r,a;this.getAttribute(k.MEDIA_CONTROLLER)&&((i=(e=ce(this,z))==null?void 0:e.unassociateElement)==null||i.call(e,this)),(r=ce(this,z))==null||r.removeEventListener("pointerdown",this),(a=ce(this,z))==null||a.removeEventListener("click",this),Pi(this,z,null)}handleEvent(e){var i;let r=(i=e.composedPath())==null?void 0:i[0];if(["video","media-controller"].includes(r?.localName)){if(e.type==="pointerdown")this._pointerType=e.pointerType;else if(e.type==="click"){let{clientX:s,clientY:n}=e,{left:l,top:c,width:_,height:S}=this.getBoundingClientRect(),I=s-l,f=n-c;if(I<0||f<0||I>_||f>S||_===0&&S===0)return;let m=this._pointerType||"mouse";if(this._pointerType=void 0,m===Ri.TOUCH){this.handleTap(e);return}else if(m===Ri.MOUSE||m===Ri.PEN){this.handleMouseClick(e);return}}}}get mediaPaused(){return b(this,o.MEDIA_PAUSED)}set mediaPaused(e){A(this,o.MEDIA_PAUSED,e)}handleTap(e){}handleMouseClick(e){let i=this.mediaPaused?h.MEDIA_PLAY_REQUEST:h.MEDIA_PAUSE_REQUEST;this.dispatchEvent(new d.CustomEvent(i,{composed:!0,bubbles:!0}))}};z=new WeakMap;ut.shadowRootOptions={mode:"open"};ut.getTemplateHTML=qn;function Yn(t){var e;let i=t.getAttribute(k.MEDIA_CONTROLLER);return i?(e=t.getRootNode())==null?void 0:e.getElementById(i):Oe(t,"media-controller")}d.customElements.get("media-gesture-receiver")||d.customElements.define("media-gesture-receiver",ut);var ia=ut;var Js={"Start airplay":"Start airplay","Stop airplay":"Stop airplay",Audio:"Audio",Captions:"Captions","Enable captions":"Enable captions","Disable captions":"Disable captions","Start casting":"Start casting","Stop casting":"Stop casting","Enter fullscreen mode":"Enter fullscreen mode","Exit fullscreen mode":"Exit fullscreen mode",Mute:"Mute",Unmute:"Unmute",Loop:"Loop","Enter picture in picture mode":"Enter picture in picture mode","Exit picture in picture mode":"Exit picture in picture mode",Play:"Play",Pause:"Pause","Playback rate":"Playback rate","Playback rate {playbackRate}":"Playback rate {playbackRate}",Quality:"Quality","Seek backward":"Seek backward","Seek forward":"Seek forward",Settings:"Settings",Auto:"Auto","audio player":"audio player","video player":"video player",volume:"volume",seek:"seek","closed captions":"closed captions","current playback rate":"current playback rate","playback time":"playback time","media loading":"media loading",settings:"settings","audio tracks":"audio tracks",quality:"quality",play:"play",pause:"pause",mute:"mute",unmute:"unmute","chapter: {chapterName}":"chapter: {chapterName}",live:"live",Off:"Off","start airplay":"start airplay","stop airplay":"stop airplay","start casting":"start casting","stop casting":"stop casting","enter fullscreen mode":"enter fullscreen mode","exit fullscreen mode":"exit fullscreen mode","enter picture in picture mode":"enter picture in picture mode","exit picture in picture mode":"exit picture in picture mode","seek to live":"seek to live","playing live":"playing live","seek back {seekOffset} seconds":"seek back {seekOffset} seconds","seek forward {seekOffset} seconds":"seek forward {seekOffset} seconds","Network Error":"Network Error","Decode Error":"Decode Error","Source Not Supported":"Source Not Supported","Encryption Error":"Encryption Error","A network error caused the media download to fail.":"A network error caused the media download to fail.","A media error caused playback to be aborted. The media could be corrupt or your browser does not support this format.":"A media error caused playback to be aborted. The media could be corrupt or your browser does not support this format.","An unsupported error occurred. The server or network failed, or your browser does not support this format.":"An unsupported error occurred. The server or network failed, or your browser does not support this format.","The media is encrypted and there are no keys to decrypt it.":"The media is encrypted and there are no keys to decrypt it.",hour:"hour",hours:"hours",minute:"minute",minutes:"minutes",second:"second",seconds:"seconds","{time} remaining":"{time} remaining","{currentTime} of {totalTime}":"{currentTime} of {totalTime}","video not loaded, unknown time.":"video not loaded, unknown time."};var js,Kt={en:Js},ht=((js=globalThis.navigator)==null?void 0:js.language)||"en",eo=t=>{ht=t};var Qn=t=>{var e,i,r;let[a]=ht.split("-");return((e=Kt[ht])==null?void 0:e[t])||((i=Kt[a])==null?void 0:i[t])||((r=Kt.en)==null?void 0:r[t])||t},to=()=>{let[t]=ht.split("-");return Kt[ht]?ht:Kt[t]?t:"en"},v=(t,e={})=>Qn(t).replace(/\{(\w+)\}/g,(i,r)=>r in e?String(e[r]):`{${r}}`);var oa=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},$=(t,e,i)=>(oa(t,e,"read from private field"),i?i.call(t):e.get(t)),J=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},ue=(t,e,i,r)=>(oa(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),he=(t,e,i)=>(oa(t,e,"access private method"),i),Gt,Fi,mt,Et,vt,ra,pt,Ni,aa,io,sa,ro,qt,$i,Bi,na,ft,Yt,Ue,Hi,g={AUDIO:"audio",AUTOHIDE:"autohide",BREAKPOINTS:"breakpoints",GESTURES_DISABLED:"gesturesdisabled",KEYBOARD_CONTROL:"keyboardcontrol",NO_AUTOHIDE:"noautohide",USER_INACTIVE:"userinactive",AUTOHIDE_OVER_CONTROLS:"autohideovercontrols"};function zn(t){return`
    <style>
      
      :host([${o.MEDIA_IS_FULLSCREEN}]) ::slotted([slot=media]) {
        outline: none;
      }

      :host {
        box-sizing: border-box;
        position: relative;
        display: inline-block;
        line-height: 0;
        background-color: var(--media-background-color, #000);
        overflow: hidden;
      }

      :host(:not([${g.AUDIO}])) [part~=layer]:not([part~=media-layer]) {
        position: absolute;
        top: 0;
        left: 0;
        bottom: 0;
        right: 0;
        display: flex;
        flex-flow: column nowrap;
        align-items: start;
        pointer-events: none;
        background: none;
      }

      slot[name=media] {
        display: var(--media-slot-display, contents);
      }

      
      :host([${g.AUDIO}]) slot[name=media] {
        display: var(--media-slot-display, none);
      }

      
      :host([${g.AUDIO}]) [part~=layer][part~=gesture-layer] {
        height: 0;
        display: block;
      }

      
      :host(:not([${g.AUDIO}])[${g.GESTURES_DISABLED}]) ::slotted([slot=gestures-chrome]),
          :host(:not([${g.AUDIO}])[${g.GESTURES_DISABLED}]) media-gesture-receiver[slot=gestures-chrome] {
        display: none;
      }

      
      ::slotted(:not([slot=media]):not([slot=poster]):not(media-loading-indicator):not([role=dialog]):not([hidden])) {
        pointer-events: auto;
      }

      :host(:not([${g.AUDIO}])) *[part~=layer][part~=centered-layer] {
        align-items: center;
        justify-content: center;
      }

      :host(:not([${g.AUDIO}])) ::slotted(media-gesture-receiver[slot=gestures-chrome]),
      :host(:not([${g.AUDIO}])) media-gesture-receiver[slot=gestures-chrome] {
        align-self: stretch;
        flex-grow: 1;
      }

      slot[name=middle-chrome] {
        display: inline;
        flex-grow: 1;
        pointer-events: none;
        background: none;
      }

      
      ::slotted([slot=media]),
      ::slotted([slot=poster]) {
        width: 100%;
        height: 100%;
      }

      
      :host(:not([${g.AUDIO}])) .spacer {
        flex-grow: 1;
      }

      
      :host(:-webkit-full-screen) {
        
        width: 100% !important;
        height: 100% !important;
      }

      
      ::slotted(:not([slot=media]):not([slot=poster]):not([${g.NO_AUTOHIDE}]):not([hidden]):not([role=dialog])) {
        opacity: 1;
        transition: var(--media-control-transition-in, opacity 0.25s);
      }

      
      :host([${g.USER_INACTIVE}]:not([${o.MEDIA_PAUSED}]):not([${o.MEDIA_IS_AIRPLAYING}]):not([${o.MEDIA_IS_CASTING}]):not([${g.AUDIO}])) ::slotted(:not([slot=media]):not([slot=poster]):not([${g.NO_AUTOHIDE}]):not([role=dialog])) {
        opacity: 0;
        transition: var(--media-control-transition-out, opacity 1s);
      }

      :host([${g.USER_INACTIVE}]:not([${g.NO_AUTOHIDE}]):not([${o.MEDIA_PAUSED}]):not([${o.MEDIA_IS_CASTING}]):not([${g.AUDIO}])) ::slotted([slot=media]) {
        cursor: none;
      }

      :host([${g.USER_INACTIVE}][${g.AUTOHIDE_OVER_CONTROLS}]:not([${g.NO_AUTOHIDE}]):not([${o.MEDIA_PAUSED}]):not([${o.MEDIA_IS_CASTING}]):not([${g.AUDIO}])) * {
        --media-cursor: none;
        cursor: none;
      }


      ::slotted(media-control-bar)  {
        align-self: stretch;
      }

      
      
      :host(:not([${g.AUDIO}])[${o.MEDIA_HAS_PLAYED}]) slot[name=poster],
      :host(:not([${g.AUDIO}])[${o.MEDIA_STREAM_TYPE}="${ie.ON_DEMAND}"][${o.MEDIA_CURRENT_TIME}]:not([${o.MEDIA_CURRENT_TIME}="0"])) slot[name=poster] {
        display: none;
      }

      ::slotted([role=dialog]) {
        width: 100%;
        height: 100%;
        align-self: center;
      }

      ::slotted([role=menu]) {
        align-self: end;
      }
    </style>

    <slot name="media" part="layer media-layer"></slot>
    <slot name="poster" part="layer poster-layer"></slot>
    <slot name="gestures-chrome" part="layer gesture-layer">
      <media-gesture-receiver slot="gestures-chrome">
        <template shadowrootmode="${ia.shadowRootOptions.mode}">
          ${ia.getTemplateHTML({})}
        </template>
      </media-gesture-receiver>
    </slot>
    <span part="layer vertical-layer">
      <slot name="top-chrome" part="top chrome"></slot>
      <slot name="middle-chrome" part="middle chrome"></slot>
      <slot name="centered-chrome" part="layer centered-layer center centered chrome"></slot>
      
      <slot part="bottom chrome"></slot>
    </span>
    <slot name="dialog" part="layer dialog-layer"></slot>
  `}var Zn=Object.values(o),Xn="sm:384 md:576 lg:768 xl:960";function Jn(t){ao(t.target,t.contentRect.width)}function ao(t,e){var i;if(!t.isConnected)return;let r=(i=t.getAttribute(g.BREAKPOINTS))!=null?i:Xn,a=jn(r),s=el(a,e),n=!1;if(Object.keys(a).forEach(l=>{if(s.includes(l)){t.hasAttribute(`breakpoint${l}`)||(t.setAttribute(`breakpoint${l}`,""),n=!0);return}t.hasAttribute(`breakpoint${l}`)&&(t.removeAttribute(`breakpoint${l}`),n=!0)}),n){let l=new CustomEvent(Ye.BREAKPOINTS_CHANGE,{detail:s});t.dispatchEvent(l)}t.breakpointsComputed||(t.breakpointsComputed=!0,t.dispatchEvent(new CustomEvent(Ye.BREAKPOINTS_COMPUTED,{bubbles:!0,composed:!0})))}function jn(t){let e=t.split(/\s+/);return Object.fromEntries(e.map(i=>i.split(":")))}function el(t,e){return Object.keys(t).filter(i=>e>=parseInt(t[i]))}var Qe=class extends d.HTMLElement{constructor(){if(super(),J(this,aa),J(this,sa),J(this,qt),J(this,Bi),J(this,ft),J(this,Gt,void 0),J(this,Fi,0),J(this,mt,null),J(this,Et,null),J(this,vt,void 0),this.breakpointsComputed=!1,J(this,ra,e=>{let i=this.media;for(let r of e){if(r.type!=="childList")continue;let a=r.removedNodes;for(let s of a){if(s.slot!="media"||r.target!=this)continue;let n=r.previousSibling&&r.previousSibling.previousElementSibling;if(!n||!i)this.mediaUnsetCallback(s);else{let l=n.slot!=="media";for(;(n=n.previousSibling)!==null;)n.slot=="media"&&(l=!1);l&&this.mediaUnsetCallback(s)}}if(i)for(let s of r.addedNodes)s===i&&this.handleMediaUpdated(i)}}),J(this,pt,!1),J(this,Ni,e=>{$(this,pt)||(setTimeout(()=>{Jn(e),ue(this,pt,!1)},0),ue(this,pt,!0))}),J(this,Ue,void 0),J(this,Hi,()=>{if(!$(this,Ue).assignedElements({flatten:!0}).length){$(this,mt)&&this.mediaUnsetCallback($(this,mt));return}this.handleMediaUpdated(this.media)}),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=V(this.attributes),i=this.constructor.getTemplateHTML(e);this.shadowRoot.setHTMLUnsafe?this.shadowRoot.setHTMLUnsafe(i):this.shadowRoot.innerHTML=i}ue(this,Gt,new MutationObserver($(this,ra)))}static get observedAttributes(){return[g.AUTOHIDE,g.GESTURES_DISABLED].concat(Zn).filter(e=>![o.MEDIA_RENDITION_LIST,o.MEDIA_AUDIO_TRACK_LIST,o.MEDIA_CHAPTERS_CUES,o.MEDIA_WIDTH,o.MEDIA_HEIGHT,o.MEDIA_ERROR,o.MEDIA_ERROR_MESSAGE].includes(e))}attributeChangedCallback(e,i,r){e.toLowerCase()==g.AUTOHIDE&&(this.autohide=r)}get media(){let e=this.querySelector(":scope > [slot=media]");return e?.nodeName=="SLOT"&&(e=e.assignedElements({flatten:!0})[0]),e}async handleMediaUpdated(e){e&&(ue(this,mt,e),e.localName.includes("-")&&await d.customElements.whenDefined(e.localName),this.mediaSetCallback(e))}connectedCallback(){var e;$(this,Gt).observe(this,{childList:!0,subtree:!0}),Di(this,$(this,Ni));let r=this.getAttribute(g.AUDIO)!=null?v("audio player"):v("video player");this.setAttribute("role","region"),this.setAttribute("aria-label",r),this.handleMediaUpdated(this.media),this.setAttribute(g.USER_INACTIVE,""),ao(this,this.getBoundingClientRect().width);let a=this.querySelector(":scope > slot[slot=media]");a&&(ue(this,Ue,a),$(this,Ue).addEventListener("slotchange",$(this,Hi))),this.addEventListener("pointerdown",this),this.addEventListener("pointermove",this),this.addEventListener("pointerup",this),this.addEventListener("mouseleave",this),this.addEventListener("keyup",this),(e=d.window)==null||e.addEventListener("mouseup",this)}disconnectedCallback(){var e;Ci(this,$(this,Ni)),clearTimeout($(this,Et)),$(this,Gt).disconnect(),this.media&&this.mediaUnsetCallback(this.media),(e=d.window)==null||e.removeEventListener("mouseup",this),this.removeEventListener("pointerdown",this),this.removeEventListener("pointermove",this),this.removeEventListener("pointerup",this),this.removeEventListener("mouseleave",this),this.removeEventListener("keyup",this),$(this,Ue)&&($(this,Ue).removeEventListener("slotchange",$(this,Hi)),ue(this,Ue,null)),ue(this,pt,!1)}mediaSetCallback(e){}mediaUnsetCallback(e){ue(this,mt,null)}handleEvent(e){switch(e.type){case"pointerdown":ue(this,Fi,e.timeStamp);break;case"pointermove":he(this,aa,io).call(this,e);break;case"pointerup":he(this,sa,ro).call(this,e);break;case"mouseleave":he(this,qt,$i).call(this);break;case"mouseup":this.removeAttribute(g.KEYBOARD_CONTROL);break;case"keyup":he(this,ft,Yt).call(this),this.setAttribute(g.KEYBOARD_CONTROL,"");break}}set autohide(e){let i=Number(e);ue(this,vt,isNaN(i)?0:i)}get autohide(){return($(this,vt)===void 0?2:$(this,vt)).toString()}get breakpoints(){return R(this,g.BREAKPOINTS)}set breakpoints(e){L(this,g.BREAKPOINTS,e)}get audio(){return b(this,g.AUDIO)}set audio(e){A(this,g.AUDIO,e)}get gesturesDisabled(){return b(this,g.GESTURES_DISABLED)}set gesturesDisabled(e){A(this,g.GESTURES_DISABLED,e)}get keyboardControl(){return b(this,g.KEYBOARD_CONTROL)}set keyboardControl(e){A(this,g.KEYBOARD_CONTROL,e)}get noAutohide(){return b(this,g.NO_AUTOHIDE)}set noAutohide(e){A(this,g.NO_AUTOHIDE,e)}get autohideOverControls(){return b(this,g.AUTOHIDE_OVER_CONTROLS)}set autohideOverControls(e){A(this,g.AUTOHIDE_OVER_CONTROLS,e)}get userInteractive(){return b(this,g.USER_INACTIVE)}set userInteractive(e){A(this,g.USER_INACTIVE,e)}};Gt=new WeakMap;Fi=new WeakMap;mt=new WeakMap;Et=new WeakMap;vt=new WeakMap;ra=new WeakMap;pt=new WeakMap;Ni=new WeakMap;aa=new WeakSet;io=function(t){if(t.pointerType!=="mouse"&&t.timeStamp-$(this,Fi)<250)return;he(this,Bi,na).call(this),clearTimeout($(this,Et));let e=this.hasAttribute(g.AUTOHIDE_OVER_CONTROLS);([this,this.media].includes(t.target)||e)&&he(this,ft,Yt).call(this)};sa=new WeakSet;ro=function(t){if(t.pointerType==="touch"){let e=!this.hasAttribute(g.USER_INACTIVE);[this,this.media].includes(t.target)&&e?he(this,qt,$i).call(this):he(this,ft,Yt).call(this)}else t.composedPath().some(e=>["media-play-button","media-fullscreen-button"].includes(e?.localName))&&he(this,ft,Yt).call(this)};qt=new WeakSet;$i=function(){if($(this,vt)<0||this.hasAttribute(g.USER_INACTIVE))return;this.setAttribute(g.USER_INACTIVE,"");let t=new d.CustomEvent(Ye.USER_INACTIVE_CHANGE,{composed:!0,bubbles:!0,detail:!0});this.dispatchEvent(t)};Bi=new WeakSet;na=function(){if(!this.hasAttribute(g.USER_INACTIVE))return;this.removeAttribute(g.USER_INACTIVE);let t=new d.CustomEvent(Ye.USER_INACTIVE_CHANGE,{composed:!0,bubbles:!0,detail:!1});this.dispatchEvent(t)};ft=new WeakSet;Yt=function(){he(this,Bi,na).call(this),clearTimeout($(this,Et));let t=parseInt(this.autohide);t<0||ue(this,Et,setTimeout(()=>{he(this,qt,$i).call(this)},t*1e3))};Ue=new WeakMap;Hi=new WeakMap;Qe.shadowRootOptions={mode:"open"};Qe.getTemplateHTML=zn;d.customElements.get("media-container")||d.customElements.define("media-container",Qe);var pa=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Ze=(t,e,i)=>(pa(t,e,"read from private field"),i?i.call(t):e.get(t)),Re=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},va=(t,e,i,r)=>(pa(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),ze=(t,e,i)=>(pa(t,e,"access private method"),i),Vi,zt,Xe,Wi,la,da,so,ca,oo,ua,no,ha,lo,ma,co;function tl(t){return`
    <style>
      :host {
        font: var(--media-font,
          var(--media-font-weight, normal)
          var(--media-font-size, 14px) /
          var(--media-text-content-height, var(--media-control-height, 24px))
          var(--media-font-family, helvetica neue, segoe ui, roboto, arial, sans-serif));
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        display: var(--media-dialog-display, inline-flex);
        justify-content: center;
        align-items: center;
        
        transition-behavior: allow-discrete;
        visibility: hidden;
        opacity: 0;
        transform: translateY(2px) scale(.99);
        pointer-events: none;
      }

      :host([open]) {
        transition: display .2s, visibility 0s, opacity .2s ease-out, transform .15s ease-out;
        visibility: visible;
        opacity: 1;
        transform: translateY(0) scale(1);
        pointer-events: auto;
      }

      #content {
        display: flex;
        position: relative;
        box-sizing: border-box;
        width: min(320px, 100%);
        word-wrap: break-word;
        max-height: 100%;
        overflow: auto;
        text-align: center;
        line-height: 1.4;
      }
    </style>
    ${this.getSlotTemplateHTML(t)}
  `}function il(t){return`
    <slot id="content"></slot>
  `}var Qt={OPEN:"open",ANCHOR:"anchor"},Pe=class extends d.HTMLElement{constructor(){super(),Re(this,Wi),Re(this,da),Re(this,ca),Re(this,ua),Re(this,ha),Re(this,ma),Re(this,Vi,!1),Re(this,zt,null),Re(this,Xe,null)}static get observedAttributes(){return[Qt.OPEN,Qt.ANCHOR]}get open(){return b(this,Qt.OPEN)}set open(e){A(this,Qt.OPEN,e)}handleEvent(e){switch(e.type){case"invoke":ze(this,ua,no).call(this,e);break;case"focusout":ze(this,ha,lo).call(this,e);break;case"keydown":ze(this,ma,co).call(this,e);break}}connectedCallback(){ze(this,Wi,la).call(this),this.role||(this.role="dialog"),this.addEventListener("invoke",this),this.addEventListener("focusout",this),this.addEventListener("keydown",this)}disconnectedCallback(){this.removeEventListener("invoke",this),this.removeEventListener("focusout",this),this.removeEventListener("keydown",this)}attributeChangedCallback(e,i,r){ze(this,Wi,la).call(this),e===Qt.OPEN&&r!==i&&(this.open?ze(this,da,so).call(this):ze(this,ca,oo).call(this))}focus(){va(this,zt,ea());let e=!this.dispatchEvent(new Event("focus",{composed:!0,cancelable:!0})),i=!this.dispatchEvent(new Event("focusin",{composed:!0,bubbles:!0,cancelable:!0}));if(e||i)return;let r=this.querySelector('[autofocus], [tabindex]:not([tabindex="-1"]), [role="menu"]');r?.focus()}get keysUsed(){return["Escape","Tab"]}};Vi=new WeakMap;zt=new WeakMap;Xe=new WeakMap;Wi=new WeakSet;la=function(){if(!Ze(this,Vi)&&(va(this,Vi,!0),!this.shadowRoot)){this.attachShadow(this.constructor.shadowRootOptions);let t=V(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(t),queueMicrotask(()=>{let{style:e}=C(this.shadowRoot,":host");e.setProperty("transition","display .15s, visibility .15s, opacity .15s ease-in, transform .15s ease-in")})}};da=new WeakSet;so=function(){var t;(t=Ze(this,Xe))==null||t.setAttribute("aria-expanded","true"),this.dispatchEvent(new Event("open",{composed:!0,bubbles:!0})),this.addEventListener("transitionend",()=>this.focus(),{once:!0})};ca=new WeakSet;oo=function(){var t;(t=Ze(this,Xe))==null||t.setAttribute("aria-expanded","false"),this.dispatchEvent(new Event("close",{composed:!0,bubbles:!0}))};ua=new WeakSet;no=function(t){va(this,Xe,t.relatedTarget),fe(this,t.relatedTarget)||(this.open=!this.open)};ha=new WeakSet;lo=function(t){var e;fe(this,t.relatedTarget)||((e=Ze(this,zt))==null||e.focus(),Ze(this,Xe)&&Ze(this,Xe)!==t.relatedTarget&&this.open&&(this.open=!1))};ma=new WeakSet;co=function(t){var e,i,r,a,s;let{key:n,ctrlKey:l,altKey:c,metaKey:_}=t;l||c||_||this.keysUsed.includes(n)&&(t.preventDefault(),t.stopPropagation(),n==="Tab"?(t.shiftKey?(i=(e=this.previousElementSibling)==null?void 0:e.focus)==null||i.call(e):(a=(r=this.nextElementSibling)==null?void 0:r.focus)==null||a.call(r),this.blur()):n==="Escape"&&((s=Ze(this,zt))==null||s.focus(),this.open=!1))};Pe.shadowRootOptions={mode:"open"};Pe.getTemplateHTML=tl;Pe.getSlotTemplateHTML=il;d.customElements.get("media-chrome-dialog")||d.customElements.define("media-chrome-dialog",Pe);var rl=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Ne=(t,e,i)=>(rl(t,e,"read from private field"),i?i.call(t):e.get(t)),uo=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},gt,_t,Zt={HOTKEYS:"hotkeys"},al=[{keys:[{key:" ",label:"Space"},{key:"k"}],description:"Toggle Playback"},{keys:[{key:"m"}],description:"Toggle mute"},{keys:[{key:"f"}],description:"Toggle fullscreen"},{keys:[{key:"c"}],description:"Toggle captions or subtitles, if available"},{keys:[{key:"p"}],description:"Toggle Picture in Picture"},{keys:[{key:"ArrowLeft",label:"←"},{key:"j"}],description:"Seek back 10s"},{keys:[{key:"ArrowRight",label:"→"},{key:"l"}],description:"Seek forward 10s"},{keys:[{key:"ArrowUp",label:"↑"}],description:"Turn volume up"},{keys:[{key:"ArrowDown",label:"↓"}],description:"Turn volume down"},{keys:[{key:"<",label:"< (SHIFT+,)"}],description:"Decrease playback rate"},{keys:[{key:">",label:"> (SHIFT+.)"}],description:"Increase playback rate"},{keys:[{key:"shift+/",label:"SHIFT+/"}],description:"Show keyboard shortcuts"}];function Gi(t){return t===" "?"nospace":`no${t.toLowerCase()}`}function sl(t){let e=new Set(t?.split(/\s+/));return al.map(({keys:i,description:r})=>({keys:i.filter(({key:a})=>!e.has(Gi(a))),description:r})).filter(({keys:i})=>i.length)}function ol(t){return`
    <style>
      :host {
        position: fixed;
        top: 0;
        left: 0;
        z-index: 9999;
        background: rgb(20 20 30 / .8);
        backdrop-filter: blur(10px);
      }

      #content {
        display: block;
        width: clamp(400px, 40vw, 700px);
        max-width: 90vw;
        text-align: left;
      }

      h2 {
        margin: 0 0 1.5rem 0;
        font-size: 1.5rem;
        font-weight: 500;
        text-align: center;
      }

      .shortcuts-table {
        width: 100%;
        border-collapse: collapse;
      }

      .shortcuts-table tr {
        border-bottom: 1px solid rgba(255, 255, 255, 0.1);
      }

      .shortcuts-table tr:last-child {
        border-bottom: none;
      }

      .shortcuts-table td {
        padding: 0.75rem 0.5rem;
      }

      .shortcuts-table td:first-child {
        text-align: right;
        padding-right: 1rem;
        width: 40%;
        min-width: 120px;
      }

      .shortcuts-table td:last-child {
        padding-left: 1rem;
      }

      .key {
        display: inline-block;
        background: rgba(255, 255, 255, 0.15);
        border: 1px solid rgba(255, 255, 255, 0.2);
        border-radius: 4px;
        padding: 0.25rem 0.5rem;
        font-family: 'Courier New', monospace;
        font-size: 0.9rem;
        font-weight: 500;
        min-width: 1.5rem;
        text-align: center;
        margin: 0 0.2rem;
      }

      .description {
        color: rgba(255, 255, 255, 0.9);
        font-size: 0.95rem;
      }

      .key-combo {
        display: flex;
        align-items: center;
        justify-content: flex-end;
        gap: 0.3rem;
      }

      .key-separator {
        color: rgba(255, 255, 255, 0.5);
        font-size: 0.9rem;
      }
    </style>
    <slot id="content">
      ${ho(t[Zt.HOTKEYS])}
    </slot>
  `}function ho(t){return`
    <h2>Keyboard Shortcuts</h2>
    <table class="shortcuts-table">${sl(t).map(({keys:i,description:r})=>`
        <tr>
          <td>
            <div class="key-combo">${i.map(({key:s,label:n=s},l)=>l>0?`<span class="key-separator">or</span><span class="key">${n}</span>`:`<span class="key">${n}</span>`).join("")}</div>
          </td>
          <td class="description">${r}</td>
        </tr>
      `).join("")}</table>
  `}var Ki=class extends Pe{constructor(){super(...arguments),uo(this,gt,e=>{var i;if(!this.open)return;let r=(i=this.shadowRoot)==null?void 0:i.querySelector("#content");if(!r)return;let a=e.composedPath(),s=a[0]===this||a.includes(this),n=a.includes(r);s&&!n&&(this.open=!1)}),uo(this,_t,e=>{if(!this.open)return;let i=e.shiftKey&&(e.key==="/"||e.key==="?");(e.key==="Escape"||i)&&!e.ctrlKey&&!e.altKey&&!e.metaKey&&(this.open=!1,e.preventDefault(),e.stopPropagation())})}static get observedAttributes(){return[...super.observedAttributes,Zt.HOTKEYS]}get hotkeys(){var e;return(e=R(this,Zt.HOTKEYS))!=null?e:void 0}set hotkeys(e){L(this,Zt.HOTKEYS,e)}connectedCallback(){super.connectedCallback(),this.open&&(this.addEventListener("click",Ne(this,gt)),document.addEventListener("keydown",Ne(this,_t)))}disconnectedCallback(){this.removeEventListener("click",Ne(this,gt)),document.removeEventListener("keydown",Ne(this,_t))}attributeChangedCallback(e,i,r){var a;if(super.attributeChangedCallback(e,i,r),e==="open")this.open?(this.addEventListener("click",Ne(this,gt)),document.addEventListener("keydown",Ne(this,_t))):(this.removeEventListener("click",Ne(this,gt)),document.removeEventListener("keydown",Ne(this,_t)));else if(e===Zt.HOTKEYS&&r!==i){let s=(a=this.shadowRoot)==null?void 0:a.querySelector("#content");s&&(s.innerHTML=ho(r))}}};gt=new WeakMap;_t=new WeakMap;Ki.getSlotTemplateHTML=ol;d.customElements.get("media-keyboard-shortcuts-dialog")||d.customElements.define("media-keyboard-shortcuts-dialog",Ki);var mo=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Y=(t,e,i)=>(mo(t,e,"read from private field"),i?i.call(t):e.get(t)),Xt=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},qi=(t,e,i,r)=>(mo(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),bt,At,Yi,Je,De,He,Qi=class{constructor(e,i,{defaultValue:r}={defaultValue:void 0}){Xt(this,De),Xt(this,bt,void 0),Xt(this,At,void 0),Xt(this,Yi,void 0),Xt(this,Je,new Set),qi(this,bt,e),qi(this,At,i),qi(this,Yi,new Set(r))}[Symbol.iterator](){return Y(this,De,He).values()}get length(){return Y(this,De,He).size}get value(){var e;return(e=[...Y(this,De,He)].join(" "))!=null?e:""}set value(e){var i;e!==this.value&&(qi(this,Je,new Set),this.add(...(i=e?.split(" "))!=null?i:[]))}toString(){return this.value}item(e){return[...Y(this,De,He)][e]}values(){return Y(this,De,He).values()}forEach(e,i){Y(this,De,He).forEach(e,i)}add(...e){var i,r;e.forEach(a=>Y(this,Je).add(a)),!(this.value===""&&!((i=Y(this,bt))!=null&&i.hasAttribute(`${Y(this,At)}`)))&&((r=Y(this,bt))==null||r.setAttribute(`${Y(this,At)}`,`${this.value}`))}remove(...e){var i;e.forEach(r=>Y(this,Je).delete(r)),(i=Y(this,bt))==null||i.setAttribute(`${Y(this,At)}`,`${this.value}`)}contains(e){return Y(this,De,He).has(e)}toggle(e,i){return typeof i<"u"?i?(this.add(e),!0):(this.remove(e),!1):this.contains(e)?(this.remove(e),!1):(this.add(e),!0)}replace(e,i){return this.remove(e),this.add(i),e===i}};bt=new WeakMap;At=new WeakMap;Yi=new WeakMap;Je=new WeakMap;De=new WeakSet;He=function(){return Y(this,Je).size?Y(this,Je):Y(this,Yi)};function po(t){return t?.map(nl).join(" ")}function nl(t){if(t){let{id:e,width:i,height:r}=t;return[e,i,r].filter(a=>a!=null).join(":")}}function vo(t){return t?.map(ll).join(" ")}function ll(t){if(t){let{id:e,kind:i,language:r,label:a}=t;return[e,i,r,a].filter(s=>s!=null).join(":")}}function Tt(t){return typeof t=="number"&&!Number.isNaN(t)&&Number.isFinite(t)}var zi=t=>new Promise(e=>setTimeout(e,t));var dl=(t="")=>t.split(/\s+/),Eo=(t="")=>{let[e,i,r]=t.split(":"),a=r?decodeURIComponent(r):void 0;return{kind:e==="cc"?j.CAPTIONS:j.SUBTITLES,language:i,label:a}},Ea=(t="",e={})=>dl(t).map(i=>{let r=Eo(i);return{...e,...r}}),fa=t=>t?Array.isArray(t)?t.map(e=>typeof e=="string"?Eo(e):e):typeof t=="string"?Ea(t):[t]:[],cl=({kind:t,label:e,language:i}={kind:"subtitles"})=>e?`${t==="captions"?"cc":"sb"}:${i}:${encodeURIComponent(e)}`:i,Jt=(t=[])=>Array.prototype.map.call(t,cl).join(" "),ul=(t,e)=>i=>i[t]===e,fo=t=>{let e=Object.entries(t).map(([i,r])=>ul(i,r));return i=>e.every(r=>r(i))},je=(t,e=[],i=[])=>{let r=fa(i).map(fo),a=s=>r.some(n=>n(s));Array.from(e).filter(a).forEach(s=>{s.mode=t})},et=(t,e=()=>!0)=>{if(!t?.textTracks)return[];let i=typeof e=="function"?e:fo(e);return Array.from(t.textTracks).filter(i)},go=t=>{var e;return!!((e=t.mediaSubtitlesShowing)!=null&&e.length)||t.hasAttribute(o.MEDIA_SUBTITLES_SHOWING)};var bo=t=>{var e;let{media:i,fullscreenElement:r}=t;try{let a=r&&"requestFullscreen"in r?"requestFullscreen":r&&"webkitRequestFullScreen"in r?"webkitRequestFullScreen":void 0;if(a){let s=(e=r[a])==null?void 0:e.call(r);if(s instanceof Promise)return s.catch(()=>{})}else i?.webkitEnterFullscreen?i.webkitEnterFullscreen():i?.requestFullscreen&&i.requestFullscreen()}catch(a){console.error(a)}},_o="exitFullscreen"in W?"exitFullscreen":"webkitExitFullscreen"in W?"webkitExitFullscreen":"webkitCancelFullScreen"in W?"webkitCancelFullScreen":void 0,Ao=t=>{var e;let{documentElement:i}=t;if(_o){let r=(e=i?.[_o])==null?void 0:e.call(i);if(r instanceof Promise)return r.catch(()=>{})}},jt="fullscreenElement"in W?"fullscreenElement":"webkitFullscreenElement"in W?"webkitFullscreenElement":void 0,hl=t=>{let{documentElement:e,media:i}=t,r=e?.[jt];return!r&&"webkitDisplayingFullscreen"in i&&"webkitPresentationMode"in i&&i.webkitDisplayingFullscreen&&i.webkitPresentationMode===qs.FULLSCREEN?i:r},To=t=>{var e;let{media:i,documentElement:r,fullscreenElement:a=i}=t;if(!i||!r)return!1;let s=hl(t);if(!s)return!1;if(s===a||s===i)return!0;if(s.localName.includes("-")){let n=s.shadowRoot;if(!(jt in n))return fe(s,a);for(;n?.[jt];){if(n[jt]===a)return!0;n=(e=n[jt])==null?void 0:e.shadowRoot}}return!1},ml="fullscreenEnabled"in W?"fullscreenEnabled":"webkitFullscreenEnabled"in W?"webkitFullscreenEnabled":void 0,So=t=>{let{documentElement:e,media:i}=t;return!!e?.[ml]||i&&"webkitSupportsFullscreen"in i};var Zi,ga=()=>{var t,e;return Zi||(Zi=(e=(t=W)==null?void 0:t.createElement)==null?void 0:e.call(t,"video"),Zi)},Io=async(t=ga())=>{if(!t)return!1;let e=t.volume;t.volume=e/2+.1;let i=new AbortController,r=await Promise.race([pl(t,i.signal),vl(t,e)]);return i.abort(),r},pl=(t,e)=>new Promise(i=>{t.addEventListener("volumechange",()=>i(!0),{signal:e})}),vl=async(t,e)=>{for(let i=0;i<10;i++){if(t.volume===e)return!1;await zi(10)}return t.volume!==e},El=/.*Version\/.*Safari\/.*/.test(d.navigator.userAgent),_a=(t=ga())=>d.matchMedia("(display-mode: standalone)").matches&&El?!1:typeof t?.requestPictureInPicture=="function",ba=(t=ga())=>So({documentElement:W,media:t}),yo=ba(),ko=_a(),wo=!!d.WebKitPlaybackTargetAvailabilityEvent,Mo=!!d.chrome;var St=t=>et(t.media,e=>[j.SUBTITLES,j.CAPTIONS].includes(e.kind)).sort((e,i)=>e.kind>=i.kind?1:-1),Aa=t=>et(t.media,e=>e.mode===xe.SHOWING&&[j.SUBTITLES,j.CAPTIONS].includes(e.kind)),Xi=(t,e)=>{let i=St(t),r=Aa(t),a=!!r.length;if(i.length){if(e===!1||a&&e!==!0)je(xe.DISABLED,i,r);else if(e===!0||!a&&e!==!1){let s=i[0],{options:n}=t;if(!n?.noSubtitlesLangPref){let S=d.localStorage.getItem("media-chrome-pref-subtitles-lang"),I=S?[S,...d.navigator.languages]:d.navigator.languages,f=i.filter(m=>I.some(T=>m.language.toLowerCase().startsWith(T.split("-")[0]))).sort((m,T)=>{let E=I.findIndex(y=>m.language.toLowerCase().startsWith(y.split("-")[0])),w=I.findIndex(y=>T.language.toLowerCase().startsWith(y.split("-")[0]));return E-w});f[0]&&(s=f[0])}let{language:l,label:c,kind:_}=s;je(xe.DISABLED,i,r),je(xe.SHOWING,i,[{language:l,label:c,kind:_}])}}},Ji=(t,e)=>t===e?!0:t==null||e==null||typeof t!=typeof e?!1:typeof t=="number"&&Number.isNaN(t)&&Number.isNaN(e)?!0:typeof t!="object"?!1:Array.isArray(t)?fl(t,e):Object.entries(t).every(([i,r])=>i in e&&Ji(r,e[i])),fl=(t,e)=>{let i=Array.isArray(t),r=Array.isArray(e);return i!==r?!1:i||r?t.length!==e.length?!1:t.every((a,s)=>Ji(a,e[s])):!0};var gl=Object.values(ie),ji,_l=Io().then(t=>(ji=t,ji)),Lo=async(...t)=>{await Promise.all(t.filter(e=>e).map(async e=>{if(!("localName"in e&&e instanceof d.HTMLElement))return;let i=e.localName;if(!i.includes("-"))return;let r=d.customElements.get(i);r&&e instanceof r||(await d.customElements.whenDefined(i),d.customElements.upgrade(e))}))},bl=new d.DOMParser,Al=t=>t&&(bl.parseFromString(t,"text/html").body.textContent||t),It={mediaError:{get(t,e){let{media:i}=t;if(e?.type!=="playing")return i?.error},mediaEvents:["emptied","error","playing"]},mediaErrorCode:{get(t,e){var i;let{media:r}=t;if(e?.type!=="playing")return(i=r?.error)==null?void 0:i.code},mediaEvents:["emptied","error","playing"]},mediaErrorMessage:{get(t,e){var i,r;let{media:a}=t;if(e?.type!=="playing")return(r=(i=a?.error)==null?void 0:i.message)!=null?r:""},mediaEvents:["emptied","error","playing"]},mediaWidth:{get(t){var e;let{media:i}=t;return(e=i?.videoWidth)!=null?e:0},mediaEvents:["resize"]},mediaHeight:{get(t){var e;let{media:i}=t;return(e=i?.videoHeight)!=null?e:0},mediaEvents:["resize"]},mediaPaused:{get(t){var e;let{media:i}=t;return(e=i?.paused)!=null?e:!0},set(t,e){var i;let{media:r}=e;r&&(t?r.pause():(i=r.play())==null||i.catch(()=>{}))},mediaEvents:["play","playing","pause","emptied"]},mediaHasPlayed:{get(t,e){let{media:i}=t;return i?e?e.type==="playing":!i.paused:!1},mediaEvents:["playing","emptied"]},mediaEnded:{get(t){var e;let{media:i}=t;return(e=i?.ended)!=null?e:!1},mediaEvents:["seeked","ended","emptied"]},mediaPlaybackRate:{get(t){var e;let{media:i}=t;return(e=i?.playbackRate)!=null?e:1},set(t,e){let{media:i}=e;i&&Number.isFinite(+t)&&(i.playbackRate=+t)},mediaEvents:["ratechange","loadstart"]},mediaMuted:{get(t){var e;let{media:i}=t;return(e=i?.muted)!=null?e:!1},set(t,e){let{media:i,options:{noMutedPref:r}={}}=e;if(i){i.muted=t;try{let a=d.localStorage.getItem("media-chrome-pref-muted")!==null,s=i.hasAttribute("muted");if(r){a&&d.localStorage.removeItem("media-chrome-pref-muted");return}if(s&&!a)return;d.localStorage.setItem("media-chrome-pref-muted",t?"true":"false")}catch(a){console.debug("Error setting muted pref",a)}}},mediaEvents:["volumechange"],stateOwnersUpdateHandlers:[(t,e)=>{let{options:{noMutedPref:i}}=e,{media:r}=e;if(!(!r||r.muted||i))try{let a=d.localStorage.getItem("media-chrome-pref-muted")==="true";It.mediaMuted.set(a,e),t(a)}catch(a){console.debug("Error getting muted pref",a)}}]},mediaLoop:{get(t){let{media:e}=t;return e?.loop},set(t,e){let{media:i}=e;i&&(i.loop=t)},mediaEvents:["medialooprequest"]},mediaVolume:{get(t){var e;let{media:i}=t;return(e=i?.volume)!=null?e:1},set(t,e){let{media:i,options:{noVolumePref:r}={}}=e;if(i){try{t==null?d.localStorage.removeItem("media-chrome-pref-volume"):!i.hasAttribute("muted")&&!r&&d.localStorage.setItem("media-chrome-pref-volume",t.toString())}catch(a){console.debug("Error setting volume pref",a)}Number.isFinite(+t)&&(i.volume=+t)}},mediaEvents:["volumechange"],stateOwnersUpdateHandlers:[(t,e)=>{let{options:{noVolumePref:i}}=e;if(!i)try{let{media:r}=e;if(!r)return;let a=d.localStorage.getItem("media-chrome-pref-volume");if(a==null)return;It.mediaVolume.set(+a,e),t(+a)}catch(r){console.debug("Error getting volume pref",r)}}]},mediaVolumeLevel:{get(t){let{media:e}=t;return typeof e?.volume>"u"?"high":e.muted||e.volume===0?"off":e.volume<.5?"low":e.volume<.75?"medium":"high"},mediaEvents:["volumechange"]},mediaCurrentTime:{get(t){var e;let{media:i}=t;return(e=i?.currentTime)!=null?e:0},set(t,e){let{media:i}=e;!i||!Tt(t)||(i.currentTime=t)},mediaEvents:["timeupdate","loadedmetadata","seeking"]},mediaDuration:{get(t){let{media:e,options:{defaultDuration:i}={}}=t;return i&&(!e||!e.duration||Number.isNaN(e.duration)||!Number.isFinite(e.duration))?i:Number.isFinite(e?.duration)?e.duration:Number.NaN},mediaEvents:["durationchange","loadedmetadata","emptied"]},mediaLoading:{get(t){let{media:e}=t;return e?.readyState<3},mediaEvents:["waiting","playing","emptied"]},mediaSeekable:{get(t){var e;let{media:i}=t;if(!((e=i?.seekable)!=null&&e.length))return;let r=i.seekable.start(0),a=i.seekable.end(i.seekable.length-1);if(!(!r&&!a))return[Number(r.toFixed(3)),Number(a.toFixed(3))]},mediaEvents:["loadedmetadata","emptied","progress","seekablechange"]},mediaBuffered:{get(t){var e;let{media:i}=t,r=(e=i?.buffered)!=null?e:[];return Array.from(r).map((a,s)=>[Number(r.start(s).toFixed(3)),Number(r.end(s).toFixed(3))])},mediaEvents:["progress","emptied"]},mediaStreamType:{get(t){let{media:e,options:{defaultStreamType:i}={}}=t,r=[ie.LIVE,ie.ON_DEMAND].includes(i)?i:void 0;if(!e)return r;let{streamType:a}=e;if(gl.includes(a))return a===ie.UNKNOWN?r:a;let s=e.duration;return s===1/0?ie.LIVE:Number.isFinite(s)?ie.ON_DEMAND:r},mediaEvents:["emptied","durationchange","loadedmetadata","streamtypechange"]},mediaTargetLiveWindow:{get(t){let{media:e}=t;if(!e)return Number.NaN;let{targetLiveWindow:i}=e,r=It.mediaStreamType.get(t);return(i==null||Number.isNaN(i))&&r===ie.LIVE?0:i},mediaEvents:["emptied","durationchange","loadedmetadata","streamtypechange","targetlivewindowchange"]},mediaTimeIsLive:{get(t){let{media:e,options:{liveEdgeOffset:i=10}={}}=t;if(!e)return!1;if(typeof e.liveEdgeStart=="number")return Number.isNaN(e.liveEdgeStart)?!1:e.currentTime>=e.liveEdgeStart;if(!(It.mediaStreamType.get(t)===ie.LIVE))return!1;let a=e.seekable;if(!a)return!0;if(!a.length)return!1;let s=a.end(a.length-1)-i;return e.currentTime>=s},mediaEvents:["playing","timeupdate","progress","waiting","emptied"]},mediaSubtitlesList:{get(t){return St(t).map(({kind:e,label:i,language:r})=>({kind:e,label:i,language:r}))},mediaEvents:["loadstart"],textTracksEvents:["addtrack","removetrack"]},mediaSubtitlesShowing:{get(t){return Aa(t).map(({kind:e,label:i,language:r})=>({kind:e,label:i,language:r}))},mediaEvents:["loadstart"],textTracksEvents:["addtrack","removetrack","change"],stateOwnersUpdateHandlers:[(t,e)=>{var i,r;let{media:a,options:s}=e;if(!a)return;let n=l=>{var c;!s.defaultSubtitles||l&&![j.CAPTIONS,j.SUBTITLES].includes((c=l?.track)==null?void 0:c.kind)||Xi(e,!0)};return a.addEventListener("loadstart",n),(i=a.textTracks)==null||i.addEventListener("addtrack",n),(r=a.textTracks)==null||r.addEventListener("removetrack",n),()=>{var l,c;a.removeEventListener("loadstart",n),(l=a.textTracks)==null||l.removeEventListener("addtrack",n),(c=a.textTracks)==null||c.removeEventListener("removetrack",n)}}]},mediaChaptersCues:{get(t){var e;let{media:i}=t;if(!i)return[];let[r]=et(i,{kind:j.CHAPTERS});return Array.from((e=r?.cues)!=null?e:[]).map(({text:a,startTime:s,endTime:n})=>({text:Al(a),startTime:s,endTime:n}))},mediaEvents:["loadstart","loadedmetadata"],textTracksEvents:["addtrack","removetrack","change"],stateOwnersUpdateHandlers:[(t,e)=>{var i;let{media:r}=e;if(!r)return;let a=r.querySelector('track[kind="chapters"][default][src]'),s=(i=r.shadowRoot)==null?void 0:i.querySelector(':is(video,audio) > track[kind="chapters"][default][src]');return a?.addEventListener("load",t),s?.addEventListener("load",t),()=>{a?.removeEventListener("load",t),s?.removeEventListener("load",t)}}]},mediaIsPip:{get(t){var e,i;let{media:r,documentElement:a}=t;if(!r||!a||!a.pictureInPictureElement)return!1;if(a.pictureInPictureElement===r)return!0;if(a.pictureInPictureElement instanceof HTMLMediaElement)return(e=r.localName)!=null&&e.includes("-")?fe(r,a.pictureInPictureElement):!1;if(a.pictureInPictureElement.localName.includes("-")){let s=a.pictureInPictureElement.shadowRoot;for(;s?.pictureInPictureElement;){if(s.pictureInPictureElement===r)return!0;s=(i=s.pictureInPictureElement)==null?void 0:i.shadowRoot}}return!1},set(t,e){let{media:i}=e;if(i)if(t){if(!W.pictureInPictureEnabled){console.warn("MediaChrome: Picture-in-picture is not enabled");return}if(!i.requestPictureInPicture){console.warn("MediaChrome: The current media does not support picture-in-picture");return}let r=()=>{console.warn("MediaChrome: The media is not ready for picture-in-picture. It must have a readyState > 0.")};i.requestPictureInPicture().catch(a=>{if(a.code===11){if(!i.src){console.warn("MediaChrome: The media is not ready for picture-in-picture. It must have a src set.");return}if(i.readyState===0&&i.preload==="none"){let s=()=>{i.removeEventListener("loadedmetadata",n),i.preload="none"},n=()=>{i.requestPictureInPicture().catch(r),s()};i.addEventListener("loadedmetadata",n),i.preload="metadata",setTimeout(()=>{i.readyState===0&&r(),s()},1e3)}else throw a}else throw a})}else W.pictureInPictureElement&&W.exitPictureInPicture()},mediaEvents:["enterpictureinpicture","leavepictureinpicture"]},mediaRenditionList:{get(t){var e;let{media:i}=t;return[...(e=i?.videoRenditions)!=null?e:[]].map(r=>({...r}))},mediaEvents:["emptied","loadstart"],videoRenditionsEvents:["addrendition","removerendition"]},mediaRenditionSelected:{get(t){var e,i,r;let{media:a}=t;return(r=(i=a?.videoRenditions)==null?void 0:i[(e=a.videoRenditions)==null?void 0:e.selectedIndex])==null?void 0:r.id},set(t,e){let{media:i}=e;if(!i?.videoRenditions){console.warn("MediaController: Rendition selection not supported by this media.");return}let r=t,a=Array.prototype.findIndex.call(i.videoRenditions,s=>s.id==r);i.videoRenditions.selectedIndex!=a&&(i.videoRenditions.selectedIndex=a)},mediaEvents:["emptied"],videoRenditionsEvents:["addrendition","removerendition","change"]},mediaAudioTrackList:{get(t){var e;let{media:i}=t;return[...(e=i?.audioTracks)!=null?e:[]]},mediaEvents:["emptied","loadstart"],audioTracksEvents:["addtrack","removetrack"]},mediaAudioTrackEnabled:{get(t){var e,i;let{media:r}=t;return(i=[...(e=r?.audioTracks)!=null?e:[]].find(a=>a.enabled))==null?void 0:i.id},set(t,e){let{media:i}=e;if(!i?.audioTracks){console.warn("MediaChrome: Audio track selection not supported by this media.");return}let r=t;for(let a of i.audioTracks)a.enabled=r==a.id},mediaEvents:["emptied"],audioTracksEvents:["addtrack","removetrack","change"]},mediaIsFullscreen:{get(t){return To(t)},set(t,e,i){var r,a;t?(bo(e),i.detail&&!((r=e.media)!=null&&r.inert)&&((a=e.media)==null||a.focus())):Ao(e)},rootEvents:["fullscreenchange","webkitfullscreenchange"],mediaEvents:["webkitbeginfullscreen","webkitendfullscreen","webkitpresentationmodechanged"]},mediaIsCasting:{get(t){var e;let{media:i}=t;return!i?.remote||((e=i.remote)==null?void 0:e.state)==="disconnected"?!1:i.remote.state==="connected"},set(t,e){var i,r;let{media:a}=e;if(a&&!(t&&((i=a.remote)==null?void 0:i.state)!=="disconnected")&&!(!t&&((r=a.remote)==null?void 0:r.state)!=="connected")){if(typeof a.remote.prompt!="function"){console.warn("MediaChrome: Casting is not supported in this environment");return}a.remote.prompt().catch(()=>{})}},remoteEvents:["connect","connecting","disconnect"]},mediaIsAirplaying:{get(){return!1},set(t,e){let{media:i}=e;if(i){if(!(i.webkitShowPlaybackTargetPicker&&d.WebKitPlaybackTargetAvailabilityEvent)){console.error("MediaChrome: received a request to select AirPlay but AirPlay is not supported in this environment");return}i.webkitShowPlaybackTargetPicker()}},mediaEvents:["webkitcurrentplaybacktargetiswirelesschanged"]},mediaFullscreenUnavailable:{get(t){let{media:e}=t;if(!yo||!ba(e))return ee.UNSUPPORTED}},mediaPipUnavailable:{get(t){let{media:e}=t;if(!ko||!_a(e))return ee.UNSUPPORTED;if(e?.disablePictureInPicture)return ee.UNAVAILABLE}},mediaVolumeUnavailable:{get(t){let{media:e}=t;if(ji===!1||e?.volume==null)return ee.UNSUPPORTED},stateOwnersUpdateHandlers:[t=>{ji==null&&_l.then(e=>t(e?void 0:ee.UNSUPPORTED))}]},mediaCastUnavailable:{get(t,{availability:e="not-available"}={}){var i;let{media:r}=t;if(!Mo||!((i=r?.remote)!=null&&i.state))return ee.UNSUPPORTED;if(!(e==null||e==="available"))return ee.UNAVAILABLE},stateOwnersUpdateHandlers:[(t,e)=>{var i;let{media:r}=e;return r?(r.disableRemotePlayback||r.hasAttribute("disableremoteplayback")||(i=r?.remote)==null||i.watchAvailability(s=>{t({availability:s?"available":"not-available"})}).catch(s=>{s.name==="NotSupportedError"?t({availability:null}):t({availability:"not-available"})}),()=>{var s;(s=r?.remote)==null||s.cancelWatchAvailability().catch(()=>{})}):void 0}]},mediaAirplayUnavailable:{get(t,e){if(!wo)return ee.UNSUPPORTED;if(e?.availability==="not-available")return ee.UNAVAILABLE},mediaEvents:["webkitplaybacktargetavailabilitychanged"],stateOwnersUpdateHandlers:[(t,e)=>{var i;let{media:r}=e;return r?(r.disableRemotePlayback||r.hasAttribute("disableremoteplayback")||(i=r?.remote)==null||i.watchAvailability(s=>{t({availability:s?"available":"not-available"})}).catch(s=>{s.name==="NotSupportedError"?t({availability:null}):t({availability:"not-available"})}),()=>{var s;(s=r?.remote)==null||s.cancelWatchAvailability().catch(()=>{})}):void 0}]},mediaRenditionUnavailable:{get(t){var e;let{media:i}=t;if(!i?.videoRenditions)return ee.UNSUPPORTED;if(!((e=i.videoRenditions)!=null&&e.length))return ee.UNAVAILABLE},mediaEvents:["emptied","loadstart"],videoRenditionsEvents:["addrendition","removerendition"]},mediaAudioTrackUnavailable:{get(t){var e,i;let{media:r}=t;if(!r?.audioTracks)return ee.UNSUPPORTED;if(((i=(e=r.audioTracks)==null?void 0:e.length)!=null?i:0)<=1)return ee.UNAVAILABLE},mediaEvents:["emptied","loadstart"],audioTracksEvents:["addtrack","removetrack"]},mediaLang:{get(t){let{options:{mediaLang:e}={}}=t;return e??"en"}}};var Ro={[h.MEDIA_PREVIEW_REQUEST](t,e,{detail:i}){var r,a,s;let{media:n}=e,l=i??void 0,c,_;if(n&&l!=null){let[m]=et(n,{kind:j.METADATA,label:"thumbnails"}),T=Array.prototype.find.call((r=m?.cues)!=null?r:[],(E,w,y)=>w===0?E.endTime>l:w===y.length-1?E.startTime<=l:E.startTime<=l&&E.endTime>l);if(T){let E=/'^(?:[a-z]+:)?\/\//i.test(T.text)||(a=n?.querySelector('track[label="thumbnails"]'))==null?void 0:a.src,w=new URL(T.text,E);_=new URLSearchParams(w.hash).get("#xywh").split(",").map(X=>+X),c=w.href}}let S=t.mediaDuration.get(e),f=(s=t.mediaChaptersCues.get(e).find((m,T,E)=>T===E.length-1&&S===m.endTime?m.startTime<=l&&m.endTime>=l:m.startTime<=l&&m.endTime>l))==null?void 0:s.text;return i!=null&&f==null&&(f=""),{mediaPreviewTime:l,mediaPreviewImage:c,mediaPreviewCoords:_,mediaPreviewChapter:f}},[h.MEDIA_PAUSE_REQUEST](t,e){t["mediaPaused"].set(!0,e)},[h.MEDIA_PLAY_REQUEST](t,e){var i,r,a,s;let n="mediaPaused",c=t.mediaStreamType.get(e)===ie.LIVE,_=!((i=e.options)!=null&&i.noAutoSeekToLive),S=t.mediaTargetLiveWindow.get(e)>0;if(c&&_&&!S){let I=(r=t.mediaSeekable.get(e))==null?void 0:r[1];if(I){let f=(s=(a=e.options)==null?void 0:a.seekToLiveOffset)!=null?s:0,m=I-f;t.mediaCurrentTime.set(m,e)}}t[n].set(!1,e)},[h.MEDIA_PLAYBACK_RATE_REQUEST](t,e,{detail:i}){let r="mediaPlaybackRate",a=i;t[r].set(a,e)},[h.MEDIA_MUTE_REQUEST](t,e){t["mediaMuted"].set(!0,e)},[h.MEDIA_UNMUTE_REQUEST](t,e){let i="mediaMuted";t.mediaVolume.get(e)||t.mediaVolume.set(.25,e),t[i].set(!1,e)},[h.MEDIA_LOOP_REQUEST](t,e,{detail:i}){let r="mediaLoop",a=!!i;return t[r].set(a,e),{mediaLoop:a}},[h.MEDIA_VOLUME_REQUEST](t,e,{detail:i}){let r="mediaVolume",a=i;a&&t.mediaMuted.get(e)&&t.mediaMuted.set(!1,e),t[r].set(a,e)},[h.MEDIA_SEEK_REQUEST](t,e,{detail:i}){let r="mediaCurrentTime",a=i;t[r].set(a,e)},[h.MEDIA_SEEK_TO_LIVE_REQUEST](t,e){var i,r,a;let s="mediaCurrentTime",n=(i=t.mediaSeekable.get(e))==null?void 0:i[1];if(Number.isNaN(Number(n)))return;let l=(a=(r=e.options)==null?void 0:r.seekToLiveOffset)!=null?a:0,c=n-l;t[s].set(c,e)},[h.MEDIA_SHOW_SUBTITLES_REQUEST](t,e,{detail:i}){var r;let{options:a}=e,s=St(e),n=fa(i),l=(r=n[0])==null?void 0:r.language;l&&!a.noSubtitlesLangPref&&d.localStorage.setItem("media-chrome-pref-subtitles-lang",l),je(xe.SHOWING,s,n)},[h.MEDIA_DISABLE_SUBTITLES_REQUEST](t,e,{detail:i}){let r=St(e),a=i??[];je(xe.DISABLED,r,a)},[h.MEDIA_TOGGLE_SUBTITLES_REQUEST](t,e,{detail:i}){Xi(e,i)},[h.MEDIA_RENDITION_REQUEST](t,e,{detail:i}){let r="mediaRenditionSelected",a=i;t[r].set(a,e)},[h.MEDIA_AUDIO_TRACK_REQUEST](t,e,{detail:i}){let r="mediaAudioTrackEnabled",a=i;t[r].set(a,e)},[h.MEDIA_ENTER_PIP_REQUEST](t,e){let i="mediaIsPip";t.mediaIsFullscreen.get(e)&&t.mediaIsFullscreen.set(!1,e),t[i].set(!0,e)},[h.MEDIA_EXIT_PIP_REQUEST](t,e){t["mediaIsPip"].set(!1,e)},[h.MEDIA_ENTER_FULLSCREEN_REQUEST](t,e,i){let r="mediaIsFullscreen";t.mediaIsPip.get(e)&&t.mediaIsPip.set(!1,e),t[r].set(!0,e,i)},[h.MEDIA_EXIT_FULLSCREEN_REQUEST](t,e){t["mediaIsFullscreen"].set(!1,e)},[h.MEDIA_ENTER_CAST_REQUEST](t,e){let i="mediaIsCasting";t.mediaIsFullscreen.get(e)&&t.mediaIsFullscreen.set(!1,e),t[i].set(!0,e)},[h.MEDIA_EXIT_CAST_REQUEST](t,e){t["mediaIsCasting"].set(!1,e)},[h.MEDIA_AIRPLAY_REQUEST](t,e){t["mediaIsAirplaying"].set(!0,e)}};var Do=({media:t,fullscreenElement:e,documentElement:i,stateMediator:r=It,requestMap:a=Ro,options:s={},monitorStateOwnersOnlyWithSubscriptions:n=!0})=>{let l=[],c={options:{...s}},_=Object.freeze({mediaPreviewTime:void 0,mediaPreviewImage:void 0,mediaPreviewCoords:void 0,mediaPreviewChapter:void 0}),S=E=>{E!=null&&(Ji(E,_)||(_=Object.freeze({..._,...E}),l.forEach(w=>w(_))))},I=()=>{let E=Object.entries(r).reduce((w,[y,{get:X}])=>(w[y]=X(c),w),{});S(E)},f={},m,T=async(E,w)=>{var y,X,Ft,$t,lt,Me,Le,Bt,qe,ds,cs,us,hs,ms,ps,vs;let Cn=!!m;if(m={...c,...m??{},...E},Cn)return;await Lo(...Object.values(E));let dt=l.length>0&&w===0&&n,Es=c.media!==m.media,fs=((y=c.media)==null?void 0:y.textTracks)!==((X=m.media)==null?void 0:X.textTracks),gs=((Ft=c.media)==null?void 0:Ft.videoRenditions)!==(($t=m.media)==null?void 0:$t.videoRenditions),_s=((lt=c.media)==null?void 0:lt.audioTracks)!==((Me=m.media)==null?void 0:Me.audioTracks),bs=((Le=c.media)==null?void 0:Le.remote)!==((Bt=m.media)==null?void 0:Bt.remote),As=c.documentElement!==m.documentElement,Ts=!!c.media&&(Es||dt),Ss=!!((qe=c.media)!=null&&qe.textTracks)&&(fs||dt),Is=!!((ds=c.media)!=null&&ds.videoRenditions)&&(gs||dt),ys=!!((cs=c.media)!=null&&cs.audioTracks)&&(_s||dt),ks=!!((us=c.media)!=null&&us.remote)&&(bs||dt),ws=!!c.documentElement&&(As||dt),zr=Ts||Ss||Is||ys||ks||ws,ct=l.length===0&&w===1&&n,Ms=!!m.media&&(Es||ct),Ls=!!((hs=m.media)!=null&&hs.textTracks)&&(fs||ct),Rs=!!((ms=m.media)!=null&&ms.videoRenditions)&&(gs||ct),Ds=!!((ps=m.media)!=null&&ps.audioTracks)&&(_s||ct),Cs=!!((vs=m.media)!=null&&vs.remote)&&(bs||ct),xs=!!m.documentElement&&(As||ct),Os=Ms||Ls||Rs||Ds||Cs||xs;if(!(zr||Os)){Object.entries(m).forEach(([D,Wt])=>{c[D]=Wt}),I(),m=void 0;return}Object.entries(r).forEach(([D,{get:Wt,mediaEvents:xn=[],textTracksEvents:On=[],videoRenditionsEvents:Un=[],audioTracksEvents:Pn=[],remoteEvents:Nn=[],rootEvents:Hn=[],stateOwnersUpdateHandlers:Fn=[]}])=>{f[D]||(f[D]={});let te=P=>{let B=Wt(c,P);S({[D]:B})},q;q=f[D].mediaEvents,xn.forEach(P=>{q&&Ts&&(c.media.removeEventListener(P,q),f[D].mediaEvents=void 0),Ms&&(m.media.addEventListener(P,te),f[D].mediaEvents=te)}),q=f[D].textTracksEvents,On.forEach(P=>{var B,de;q&&Ss&&((B=c.media.textTracks)==null||B.removeEventListener(P,q),f[D].textTracksEvents=void 0),Ls&&((de=m.media.textTracks)==null||de.addEventListener(P,te),f[D].textTracksEvents=te)}),q=f[D].videoRenditionsEvents,Un.forEach(P=>{var B,de;q&&Is&&((B=c.media.videoRenditions)==null||B.removeEventListener(P,q),f[D].videoRenditionsEvents=void 0),Rs&&((de=m.media.videoRenditions)==null||de.addEventListener(P,te),f[D].videoRenditionsEvents=te)}),q=f[D].audioTracksEvents,Pn.forEach(P=>{var B,de;q&&ys&&((B=c.media.audioTracks)==null||B.removeEventListener(P,q),f[D].audioTracksEvents=void 0),Ds&&((de=m.media.audioTracks)==null||de.addEventListener(P,te),f[D].audioTracksEvents=te)}),q=f[D].remoteEvents,Nn.forEach(P=>{var B,de;q&&ks&&((B=c.media.remote)==null||B.removeEventListener(P,q),f[D].remoteEvents=void 0),Cs&&((de=m.media.remote)==null||de.addEventListener(P,te),f[D].remoteEvents=te)}),q=f[D].rootEvents,Hn.forEach(P=>{q&&ws&&(c.documentElement.removeEventListener(P,q),f[D].rootEvents=void 0),xs&&(m.documentElement.addEventListener(P,te),f[D].rootEvents=te)});let ki=f[D].stateOwnersUpdateHandlers;if(ki&&zr&&(Array.isArray(ki)?ki:[ki]).forEach(B=>{typeof B=="function"&&B()}),Os){let P=Fn.map(B=>B(te,m)).filter(B=>typeof B=="function");f[D].stateOwnersUpdateHandlers=P.length===1?P[0]:P}else zr&&(f[D].stateOwnersUpdateHandlers=void 0)}),Object.entries(m).forEach(([D,Wt])=>{c[D]=Wt}),I(),m=void 0};return T({media:t,fullscreenElement:e,documentElement:i,options:s}),{dispatch(E){let{type:w,detail:y}=E;if(a[w]&&_.mediaErrorCode==null){S(a[w](r,c,E));return}w==="mediaelementchangerequest"?T({media:y}):w==="fullscreenelementchangerequest"?T({fullscreenElement:y}):w==="documentelementchangerequest"?T({documentElement:y}):w==="optionschangerequest"&&(Object.entries(y??{}).forEach(([X,Ft])=>{c.options[X]=Ft}),I())},getState(){return _},subscribe(E){return T({},l.length+1),l.push(E),E(_),()=>{let w=l.indexOf(E);w>=0&&(T({},l.length-1),l.splice(w,1))}}}};var wa=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},p=(t,e,i)=>(wa(t,e,"read from private field"),i?i.call(t):e.get(t)),re=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},me=(t,e,i,r)=>(wa(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),Fe=(t,e,i)=>(wa(t,e,"access private method"),i),Ce,ei,M,ae,ti,ge,er,ii,tr,Ta,it,ir,Sa,ri,rr,Ia,Ho,Fo=["ArrowLeft","ArrowRight","ArrowUp","ArrowDown","Enter"," ","f","m","k","c","l","j",">","<","p"],Co=10,xo=.025,Oo=.25,Tl=.25,Sl=2,u={DEFAULT_SUBTITLES:"defaultsubtitles",DEFAULT_STREAM_TYPE:"defaultstreamtype",DEFAULT_DURATION:"defaultduration",FULLSCREEN_ELEMENT:"fullscreenelement",HOTKEYS:"hotkeys",KEYBOARD_BACKWARD_SEEK_OFFSET:"keyboardbackwardseekoffset",KEYBOARD_FORWARD_SEEK_OFFSET:"keyboardforwardseekoffset",KEYBOARD_DOWN_VOLUME_STEP:"keyboarddownvolumestep",KEYBOARD_UP_VOLUME_STEP:"keyboardupvolumestep",KEYS_USED:"keysused",LANG:"lang",LOOP:"loop",LIVE_EDGE_OFFSET:"liveedgeoffset",NO_AUTO_SEEK_TO_LIVE:"noautoseektolive",NO_DEFAULT_STORE:"nodefaultstore",NO_HOTKEYS:"nohotkeys",NO_MUTED_PREF:"nomutedpref",NO_SUBTITLES_LANG_PREF:"nosubtitleslangpref",NO_VOLUME_PREF:"novolumepref",SEEK_TO_LIVE_OFFSET:"seektoliveoffset"},ya=class extends Qe{constructor(){super(),re(this,tr),re(this,ir),re(this,ri),re(this,Ia),this.mediaStateReceivers=[],this.associatedElementSubscriptions=new Map,re(this,Ce,new Qi(this,u.HOTKEYS)),re(this,ei,void 0),re(this,M,void 0),re(this,ae,null),re(this,ti,void 0),re(this,ge,void 0),re(this,er,i=>{var r;(r=p(this,M))==null||r.dispatch(i)}),re(this,ii,void 0),re(this,it,i=>{let{key:r,shiftKey:a}=i;if(!(a&&(r==="/"||r==="?")||Fo.includes(r))){this.removeEventListener("keyup",p(this,it));return}this.keyboardShortcutHandler(i)}),this.associateElement(this);let e={};me(this,ti,i=>{Object.entries(i).forEach(([r,a])=>{if(r in e&&e[r]===a)return;this.propagateMediaState(r,a);let s=r.toLowerCase(),n=new d.CustomEvent(Gs[s],{composed:!0,detail:a});this.dispatchEvent(n)}),e=i})}static get observedAttributes(){return super.observedAttributes.concat(u.NO_HOTKEYS,u.HOTKEYS,u.DEFAULT_STREAM_TYPE,u.DEFAULT_SUBTITLES,u.DEFAULT_DURATION,u.NO_MUTED_PREF,u.NO_VOLUME_PREF,u.LANG,u.LOOP,u.LIVE_EDGE_OFFSET,u.SEEK_TO_LIVE_OFFSET,u.NO_AUTO_SEEK_TO_LIVE)}get mediaStore(){return p(this,M)}set mediaStore(e){var i,r;if(p(this,M)&&((i=p(this,ge))==null||i.call(this),me(this,ge,void 0)),me(this,M,e),!p(this,M)&&!this.hasAttribute(u.NO_DEFAULT_STORE)){Fe(this,tr,Ta).call(this);return}me(this,ge,(r=p(this,M))==null?void 0:r.subscribe(p(this,ti)))}get fullscreenElement(){var e;return(e=p(this,ei))!=null?e:this}set fullscreenElement(e){var i;this.hasAttribute(u.FULLSCREEN_ELEMENT)&&this.removeAttribute(u.FULLSCREEN_ELEMENT),me(this,ei,e),(i=p(this,M))==null||i.dispatch({type:"fullscreenelementchangerequest",detail:this.fullscreenElement})}get defaultSubtitles(){return b(this,u.DEFAULT_SUBTITLES)}set defaultSubtitles(e){A(this,u.DEFAULT_SUBTITLES,e)}get defaultStreamType(){return R(this,u.DEFAULT_STREAM_TYPE)}set defaultStreamType(e){L(this,u.DEFAULT_STREAM_TYPE,e)}get defaultDuration(){return x(this,u.DEFAULT_DURATION)}set defaultDuration(e){H(this,u.DEFAULT_DURATION,e)}get noHotkeys(){return b(this,u.NO_HOTKEYS)}set noHotkeys(e){A(this,u.NO_HOTKEYS,e)}get keysUsed(){return R(this,u.KEYS_USED)}set keysUsed(e){L(this,u.KEYS_USED,e)}get liveEdgeOffset(){return x(this,u.LIVE_EDGE_OFFSET)}set liveEdgeOffset(e){H(this,u.LIVE_EDGE_OFFSET,e)}get noAutoSeekToLive(){return b(this,u.NO_AUTO_SEEK_TO_LIVE)}set noAutoSeekToLive(e){A(this,u.NO_AUTO_SEEK_TO_LIVE,e)}get noVolumePref(){return b(this,u.NO_VOLUME_PREF)}set noVolumePref(e){A(this,u.NO_VOLUME_PREF,e)}get noMutedPref(){return b(this,u.NO_MUTED_PREF)}set noMutedPref(e){A(this,u.NO_MUTED_PREF,e)}get noSubtitlesLangPref(){return b(this,u.NO_SUBTITLES_LANG_PREF)}set noSubtitlesLangPref(e){A(this,u.NO_SUBTITLES_LANG_PREF,e)}get noDefaultStore(){return b(this,u.NO_DEFAULT_STORE)}set noDefaultStore(e){A(this,u.NO_DEFAULT_STORE,e)}get resolvedLang(){return to()}attributeChangedCallback(e,i,r){var a,s,n,l,c,_,S,I,f,m,T,E;if(super.attributeChangedCallback(e,i,r),e===u.NO_HOTKEYS)r!==i&&r===""?(this.hasAttribute(u.HOTKEYS)&&console.warn("Media Chrome: Both `hotkeys` and `nohotkeys` have been set. All hotkeys will be disabled."),this.disableHotkeys()):r!==i&&r===null&&this.enableHotkeys(),Fe(this,ri,rr).call(this);else if(e===u.HOTKEYS)p(this,Ce).value=r,Fe(this,ri,rr).call(this);else if(e===u.DEFAULT_SUBTITLES&&r!==i)(a=p(this,M))==null||a.dispatch({type:"optionschangerequest",detail:{defaultSubtitles:this.hasAttribute(u.DEFAULT_SUBTITLES)}});else if(e===u.DEFAULT_STREAM_TYPE)(n=p(this,M))==null||n.dispatch({type:"optionschangerequest",detail:{defaultStreamType:(s=this.getAttribute(u.DEFAULT_STREAM_TYPE))!=null?s:void 0}});else if(e===u.LIVE_EDGE_OFFSET&&r!==i)(l=p(this,M))==null||l.dispatch({type:"optionschangerequest",detail:{liveEdgeOffset:this.hasAttribute(u.LIVE_EDGE_OFFSET)?+this.getAttribute(u.LIVE_EDGE_OFFSET):void 0,seekToLiveOffset:this.hasAttribute(u.SEEK_TO_LIVE_OFFSET)?+this.getAttribute(u.SEEK_TO_LIVE_OFFSET):this.hasAttribute(u.LIVE_EDGE_OFFSET)?+this.getAttribute(u.LIVE_EDGE_OFFSET):void 0}});else if(e===u.SEEK_TO_LIVE_OFFSET&&r!==i)(c=p(this,M))==null||c.dispatch({type:"optionschangerequest",detail:{seekToLiveOffset:this.hasAttribute(u.SEEK_TO_LIVE_OFFSET)?+this.getAttribute(u.SEEK_TO_LIVE_OFFSET):this.hasAttribute(u.LIVE_EDGE_OFFSET)?+this.getAttribute(u.LIVE_EDGE_OFFSET):void 0}});else if(e===u.NO_AUTO_SEEK_TO_LIVE)(_=p(this,M))==null||_.dispatch({type:"optionschangerequest",detail:{noAutoSeekToLive:this.hasAttribute(u.NO_AUTO_SEEK_TO_LIVE)}});else if(e===u.FULLSCREEN_ELEMENT){let w=r?(S=this.getRootNode())==null?void 0:S.getElementById(r):void 0;me(this,ei,w),(I=p(this,M))==null||I.dispatch({type:"fullscreenelementchangerequest",detail:this.fullscreenElement})}else e===u.LANG&&r!==i?(eo(r),(f=p(this,M))==null||f.dispatch({type:"optionschangerequest",detail:{mediaLang:r}})):e===u.LOOP&&r!==i?(m=p(this,M))==null||m.dispatch({type:h.MEDIA_LOOP_REQUEST,detail:r!=null}):e===u.NO_VOLUME_PREF&&r!==i?(T=p(this,M))==null||T.dispatch({type:"optionschangerequest",detail:{noVolumePref:this.hasAttribute(u.NO_VOLUME_PREF)}}):e===u.NO_MUTED_PREF&&r!==i&&((E=p(this,M))==null||E.dispatch({type:"optionschangerequest",detail:{noMutedPref:this.hasAttribute(u.NO_MUTED_PREF)}}))}connectedCallback(){var e,i,r;this.associateElement(this),!p(this,M)&&!this.hasAttribute(u.NO_DEFAULT_STORE)&&Fe(this,tr,Ta).call(this),(e=p(this,M))==null||e.dispatch({type:"documentelementchangerequest",detail:W}),(i=p(this,M))==null||i.dispatch({type:"fullscreenelementchangerequest",detail:this.fullscreenElement}),super.connectedCallback(),p(this,M)&&!p(this,ge)&&me(this,ge,(r=p(this,M))==null?void 0:r.subscribe(p(this,ti))),p(this,ii)!==void 0&&p(this,M)&&this.media&&setTimeout(()=>{var a,s,n;(s=(a=this.media)==null?void 0:a.textTracks)!=null&&s.length&&((n=p(this,M))==null||n.dispatch({type:h.MEDIA_TOGGLE_SUBTITLES_REQUEST,detail:p(this,ii)}))},0),this.hasAttribute(u.NO_HOTKEYS)?this.disableHotkeys():this.enableHotkeys()}disconnectedCallback(){var e,i,r,a,s,n;if((e=super.disconnectedCallback)==null||e.call(this),this.disableHotkeys(),p(this,M)){let l=p(this,M).getState();me(this,ii,!!((i=l.mediaSubtitlesShowing)!=null&&i.length)),(r=p(this,M))==null||r.dispatch({type:"fullscreenelementchangerequest",detail:void 0}),(a=p(this,M))==null||a.dispatch({type:"documentelementchangerequest",detail:void 0}),(s=p(this,M))==null||s.dispatch({type:h.MEDIA_TOGGLE_SUBTITLES_REQUEST,detail:!1})}p(this,ge)&&((n=p(this,ge))==null||n.call(this),me(this,ge,void 0)),this.unassociateElement(this),p(this,ae)&&(p(this,ae).remove(),me(this,ae,null))}mediaSetCallback(e){var i;super.mediaSetCallback(e),(i=p(this,M))==null||i.dispatch({type:"mediaelementchangerequest",detail:e}),e.hasAttribute("tabindex")||(e.tabIndex=-1)}mediaUnsetCallback(e){var i;super.mediaUnsetCallback(e),(i=p(this,M))==null||i.dispatch({type:"mediaelementchangerequest",detail:void 0})}propagateMediaState(e,i){No(this.mediaStateReceivers,e,i)}associateElement(e){if(!e)return;let{associatedElementSubscriptions:i}=this;if(i.has(e))return;let r=this.registerMediaStateReceiver.bind(this),a=this.unregisterMediaStateReceiver.bind(this),s=Ll(e,r,a);Object.values(h).forEach(n=>{e.addEventListener(n,p(this,er))}),i.set(e,s)}unassociateElement(e){if(!e)return;let{associatedElementSubscriptions:i}=this;if(!i.has(e))return;i.get(e)(),i.delete(e),Object.values(h).forEach(a=>{e.removeEventListener(a,p(this,er))})}registerMediaStateReceiver(e){if(!e)return;let i=this.mediaStateReceivers;i.indexOf(e)>-1||(i.push(e),p(this,M)&&Object.entries(p(this,M).getState()).forEach(([a,s])=>{No([e],a,s)}))}unregisterMediaStateReceiver(e){let i=this.mediaStateReceivers,r=i.indexOf(e);r<0||i.splice(r,1)}enableHotkeys(){this.addEventListener("keydown",Fe(this,ir,Sa))}disableHotkeys(){this.removeEventListener("keydown",Fe(this,ir,Sa)),this.removeEventListener("keyup",p(this,it))}get hotkeys(){return p(this,Ce)}set hotkeys(e){L(this,u.HOTKEYS,e)}keyboardShortcutHandler(e){var i,r,a,s,n,l,c,_,S;let I=e.target;if(((a=(r=(i=I.getAttribute(u.KEYS_USED))==null?void 0:i.split(" "))!=null?r:I?.keysUsed)!=null?a:[]).map(y=>y==="Space"?" ":y).filter(Boolean).includes(e.key))return;let m,T,E;if(!(p(this,Ce).contains(Gi(e.key))||e.shiftKey&&(e.key==="/"||e.key==="?")&&p(this,Ce).contains("noshift+/")))switch(e.key){case" ":case"k":m=p(this,M).getState().mediaPaused?h.MEDIA_PLAY_REQUEST:h.MEDIA_PAUSE_REQUEST,this.dispatchEvent(new d.CustomEvent(m,{composed:!0,bubbles:!0}));break;case"m":m=this.mediaStore.getState().mediaVolumeLevel==="off"?h.MEDIA_UNMUTE_REQUEST:h.MEDIA_MUTE_REQUEST,this.dispatchEvent(new d.CustomEvent(m,{composed:!0,bubbles:!0}));break;case"f":m=this.mediaStore.getState().mediaIsFullscreen?h.MEDIA_EXIT_FULLSCREEN_REQUEST:h.MEDIA_ENTER_FULLSCREEN_REQUEST,this.dispatchEvent(new d.CustomEvent(m,{composed:!0,bubbles:!0}));break;case"c":this.dispatchEvent(new d.CustomEvent(h.MEDIA_TOGGLE_SUBTITLES_REQUEST,{composed:!0,bubbles:!0}));break;case"ArrowLeft":case"j":{let y=this.hasAttribute(u.KEYBOARD_BACKWARD_SEEK_OFFSET)?+this.getAttribute(u.KEYBOARD_BACKWARD_SEEK_OFFSET):Co;T=Math.max(((s=this.mediaStore.getState().mediaCurrentTime)!=null?s:0)-y,0),E=new d.CustomEvent(h.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:T}),this.dispatchEvent(E);break}case"ArrowRight":case"l":{let y=this.hasAttribute(u.KEYBOARD_FORWARD_SEEK_OFFSET)?+this.getAttribute(u.KEYBOARD_FORWARD_SEEK_OFFSET):Co;T=Math.max(((n=this.mediaStore.getState().mediaCurrentTime)!=null?n:0)+y,0),E=new d.CustomEvent(h.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:T}),this.dispatchEvent(E);break}case"ArrowUp":{let y=this.hasAttribute(u.KEYBOARD_UP_VOLUME_STEP)?+this.getAttribute(u.KEYBOARD_UP_VOLUME_STEP):xo;T=Math.min(((l=this.mediaStore.getState().mediaVolume)!=null?l:1)+y,1),E=new d.CustomEvent(h.MEDIA_VOLUME_REQUEST,{composed:!0,bubbles:!0,detail:T}),this.dispatchEvent(E);break}case"ArrowDown":{let y=this.hasAttribute(u.KEYBOARD_DOWN_VOLUME_STEP)?+this.getAttribute(u.KEYBOARD_DOWN_VOLUME_STEP):xo;T=Math.max(((c=this.mediaStore.getState().mediaVolume)!=null?c:1)-y,0),E=new d.CustomEvent(h.MEDIA_VOLUME_REQUEST,{composed:!0,bubbles:!0,detail:T}),this.dispatchEvent(E);break}case"<":{let y=(_=this.mediaStore.getState().mediaPlaybackRate)!=null?_:1;T=Math.max(y-Oo,Tl).toFixed(2),E=new d.CustomEvent(h.MEDIA_PLAYBACK_RATE_REQUEST,{composed:!0,bubbles:!0,detail:T}),this.dispatchEvent(E);break}case">":{let y=(S=this.mediaStore.getState().mediaPlaybackRate)!=null?S:1;T=Math.min(y+Oo,Sl).toFixed(2),E=new d.CustomEvent(h.MEDIA_PLAYBACK_RATE_REQUEST,{composed:!0,bubbles:!0,detail:T}),this.dispatchEvent(E);break}case"/":case"?":{e.shiftKey&&Fe(this,Ia,Ho).call(this);break}case"p":{m=this.mediaStore.getState().mediaIsPip?h.MEDIA_EXIT_PIP_REQUEST:h.MEDIA_ENTER_PIP_REQUEST,E=new d.CustomEvent(m,{composed:!0,bubbles:!0}),this.dispatchEvent(E);break}default:break}}};Ce=new WeakMap;ei=new WeakMap;M=new WeakMap;ae=new WeakMap;ti=new WeakMap;ge=new WeakMap;er=new WeakMap;ii=new WeakMap;tr=new WeakSet;Ta=function(){var t;this.mediaStore=Do({media:this.media,fullscreenElement:this.fullscreenElement,options:{defaultSubtitles:this.hasAttribute(u.DEFAULT_SUBTITLES),defaultDuration:this.hasAttribute(u.DEFAULT_DURATION)?+this.getAttribute(u.DEFAULT_DURATION):void 0,defaultStreamType:(t=this.getAttribute(u.DEFAULT_STREAM_TYPE))!=null?t:void 0,liveEdgeOffset:this.hasAttribute(u.LIVE_EDGE_OFFSET)?+this.getAttribute(u.LIVE_EDGE_OFFSET):void 0,seekToLiveOffset:this.hasAttribute(u.SEEK_TO_LIVE_OFFSET)?+this.getAttribute(u.SEEK_TO_LIVE_OFFSET):this.hasAttribute(u.LIVE_EDGE_OFFSET)?+this.getAttribute(u.LIVE_EDGE_OFFSET):void 0,noAutoSeekToLive:this.hasAttribute(u.NO_AUTO_SEEK_TO_LIVE),noVolumePref:this.hasAttribute(u.NO_VOLUME_PREF),noMutedPref:this.hasAttribute(u.NO_MUTED_PREF),noSubtitlesLangPref:this.hasAttribute(u.NO_SUBTITLES_LANG_PREF)}})};it=new WeakMap;ir=new WeakSet;Sa=function(t){var e;let{metaKey:i,altKey:r,key:a,shiftKey:s}=t,n=s&&(a==="/"||a==="?");if(n&&((e=p(this,ae))!=null&&e.open)){this.removeEventListener("keyup",p(this,it));return}if(i||r||!n&&!Fo.includes(a)){this.removeEventListener("keyup",p(this,it));return}let l=t.target,c=l instanceof HTMLElement&&(l.tagName.toLowerCase()==="media-volume-range"||l.tagName.toLowerCase()==="media-time-range");[" ","ArrowLeft","ArrowRight","ArrowUp","ArrowDown"].includes(a)&&!p(this,Ce).contains(Gi(a))&&!c&&t.preventDefault(),this.addEventListener("keyup",p(this,it),{once:!0})};ri=new WeakSet;rr=function(){p(this,ae)&&(p(this,ae).hotkeys=p(this,Ce).value||void 0,(this.noHotkeys||p(this,Ce).contains("noshift+/"))&&(p(this,ae).open=!1))};Ia=new WeakSet;Ho=function(){p(this,ae)||(me(this,ae,W.createElement("media-keyboard-shortcuts-dialog")),Fe(this,ri,rr).call(this),this.appendChild(p(this,ae))),p(this,ae).open=!0};var Il=Object.values(o),yl=Object.values(Jr),$o=t=>{var e,i,r,a;let{observedAttributes:s}=t.constructor;!s&&((e=t.nodeName)!=null&&e.includes("-"))&&(d.customElements.upgrade(t),{observedAttributes:s}=t.constructor);let n=(a=(r=(i=t?.getAttribute)==null?void 0:i.call(t,k.MEDIA_CHROME_ATTRIBUTES))==null?void 0:r.split)==null?void 0:a.call(r,/\s+/);return Array.isArray(s||n)?(s||n).filter(l=>Il.includes(l)):[]},kl=t=>{var e,i;return(e=t.nodeName)!=null&&e.includes("-")&&d.customElements.get((i=t.nodeName)==null?void 0:i.toLowerCase())&&!(t instanceof d.customElements.get(t.nodeName.toLowerCase()))&&d.customElements.upgrade(t),yl.some(r=>r in t)},ka=t=>kl(t)||!!$o(t).length,Uo=t=>{var e;return(e=t?.join)==null?void 0:e.call(t,":")},Po={[o.MEDIA_SUBTITLES_LIST]:Jt,[o.MEDIA_SUBTITLES_SHOWING]:Jt,[o.MEDIA_SEEKABLE]:Uo,[o.MEDIA_BUFFERED]:t=>t?.map(Uo).join(" "),[o.MEDIA_PREVIEW_COORDS]:t=>t?.join(" "),[o.MEDIA_RENDITION_LIST]:po,[o.MEDIA_AUDIO_TRACK_LIST]:vo},wl=async(t,e,i)=>{var r,a;if(t.isConnected||await zi(0),typeof i=="boolean"||i==null)return A(t,e,i);if(typeof i=="number")return H(t,e,i);if(typeof i=="string")return L(t,e,i);if(Array.isArray(i)&&!i.length)return t.removeAttribute(e);let s=(a=(r=Po[e])==null?void 0:r.call(Po,i))!=null?a:i;return t.setAttribute(e,s)},Ml=t=>{var e;return!!((e=t.closest)!=null&&e.call(t,'*[slot="media"]'))},tt=(t,e)=>{if(Ml(t))return;let i=(a,s)=>{var n,l;ka(a)&&s(a);let{children:c=[]}=a??{},_=(l=(n=a?.shadowRoot)==null?void 0:n.children)!=null?l:[];[...c,..._].forEach(I=>tt(I,s))},r=t?.nodeName.toLowerCase();if(r.includes("-")&&!ka(t)){d.customElements.whenDefined(r).then(()=>{i(t,e)});return}i(t,e)},No=(t,e,i)=>{t.forEach(r=>{if(e in r){r[e]=i;return}let a=$o(r),s=e.toLowerCase();a.includes(s)&&wl(r,s,i)})},Ll=(t,e,i)=>{tt(t,e);let r=S=>{var I;let f=(I=S?.composedPath()[0])!=null?I:S.target;e(f)},a=S=>{var I;let f=(I=S?.composedPath()[0])!=null?I:S.target;i(f)};t.addEventListener(h.REGISTER_MEDIA_STATE_RECEIVER,r),t.addEventListener(h.UNREGISTER_MEDIA_STATE_RECEIVER,a);let s=S=>{S.forEach(I=>{let{addedNodes:f=[],removedNodes:m=[],type:T,target:E,attributeName:w}=I;T==="childList"?(Array.prototype.forEach.call(f,y=>tt(y,e)),Array.prototype.forEach.call(m,y=>tt(y,i))):T==="attributes"&&w===k.MEDIA_CHROME_ATTRIBUTES&&(ka(E)?e(E):i(E))})},n=[],l=S=>{let I=S.target;I.name!=="media"&&(n.forEach(f=>tt(f,i)),n=[...I.assignedElements({flatten:!0})],n.forEach(f=>tt(f,e)))};t.addEventListener("slotchange",l);let c=new MutationObserver(s);return c.observe(t,{childList:!0,attributes:!0,subtree:!0}),()=>{tt(t,i),t.removeEventListener("slotchange",l),c.disconnect(),t.removeEventListener(h.REGISTER_MEDIA_STATE_RECEIVER,r),t.removeEventListener(h.UNREGISTER_MEDIA_STATE_RECEIVER,a)}};d.customElements.get("media-controller")||d.customElements.define("media-controller",ya);var Bo=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},ar=(t,e,i)=>(Bo(t,e,"read from private field"),i?i.call(t):e.get(t)),Rl=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},sr=(t,e,i,r)=>(Bo(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),_e;function Dl(t){return`
    <style>
      :host {
        
        box-sizing: border-box;
        display: var(--media-control-display, var(--media-control-bar-display, inline-flex));
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        --media-loading-indicator-icon-height: 44px;
      }

      ::slotted(media-time-range),
      ::slotted(media-volume-range) {
        min-height: 100%;
      }

      ::slotted(media-time-range),
      ::slotted(media-clip-selector) {
        flex-grow: 1;
      }

      ::slotted([role="menu"]) {
        position: absolute;
      }
    </style>

    <slot></slot>
  `}var ai=class extends d.HTMLElement{constructor(){if(super(),Rl(this,_e,void 0),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=V(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(e)}}static get observedAttributes(){return[k.MEDIA_CONTROLLER]}attributeChangedCallback(e,i,r){var a,s,n,l,c;e===k.MEDIA_CONTROLLER&&(i&&((s=(a=ar(this,_e))==null?void 0:a.unassociateElement)==null||s.call(a,this),sr(this,_e,null)),r&&this.isConnected&&(sr(this,_e,(n=this.getRootNode())==null?void 0:n.getElementById(r)),(c=(l=ar(this,_e))==null?void 0:l.associateElement)==null||c.call(l,this)))}connectedCallback(){var e,i,r;let a=this.getAttribute(k.MEDIA_CONTROLLER);a&&(sr(this,_e,(e=this.getRootNode())==null?void 0:e.getElementById(a)),(r=(i=ar(this,_e))==null?void 0:i.associateElement)==null||r.call(i,this))}disconnectedCallback(){var e,i;(i=(e=ar(this,_e))==null?void 0:e.unassociateElement)==null||i.call(e,this),sr(this,_e,null)}};_e=new WeakMap;ai.shadowRootOptions={mode:"open"};ai.getTemplateHTML=Dl;d.customElements.get("media-control-bar")||d.customElements.define("media-control-bar",ai);var yt={PLACEMENT:"placement",BOUNDS:"bounds"};function Cl(t){return`
    <style>
      :host {
        --_tooltip-background-color: var(--media-tooltip-background-color, var(--media-secondary-color, rgba(20, 20, 30, .7)));
        --_tooltip-background: var(--media-tooltip-background, var(--_tooltip-background-color));
        --_tooltip-arrow-half-width: calc(var(--media-tooltip-arrow-width, 12px) / 2);
        --_tooltip-arrow-height: var(--media-tooltip-arrow-height, 5px);
        --_tooltip-arrow-background: var(--media-tooltip-arrow-color, var(--_tooltip-background-color));
        position: relative;
        pointer-events: none;
        display: var(--media-tooltip-display, inline-flex);
        justify-content: center;
        align-items: center;
        box-sizing: border-box;
        z-index: var(--media-tooltip-z-index, 1);
        background: var(--_tooltip-background);
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        font: var(--media-font,
          var(--media-font-weight, 400)
          var(--media-font-size, 13px) /
          var(--media-text-content-height, var(--media-control-height, 18px))
          var(--media-font-family, helvetica neue, segoe ui, roboto, arial, sans-serif));
        padding: var(--media-tooltip-padding, .35em .7em);
        border: var(--media-tooltip-border, none);
        border-radius: var(--media-tooltip-border-radius, 5px);
        filter: var(--media-tooltip-filter, drop-shadow(0 0 4px rgba(0, 0, 0, .2)));
        white-space: var(--media-tooltip-white-space, nowrap);
      }

      :host([hidden]) {
        display: none;
      }

      img, svg {
        display: inline-block;
      }

      #arrow {
        position: absolute;
        width: 0px;
        height: 0px;
        border-style: solid;
        display: var(--media-tooltip-arrow-display, block);
      }

      :host(:not([placement])),
      :host([placement="top"]) {
        position: absolute;
        bottom: calc(100% + var(--media-tooltip-distance, 12px));
        left: 50%;
        transform: translate(calc(-50% - var(--media-tooltip-offset-x, 0px)), 0);
      }
      :host(:not([placement])) #arrow,
      :host([placement="top"]) #arrow {
        top: 100%;
        left: 50%;
        border-width: var(--_tooltip-arrow-height) var(--_tooltip-arrow-half-width) 0 var(--_tooltip-arrow-half-width);
        border-color: var(--_tooltip-arrow-background) transparent transparent transparent;
        transform: translate(calc(-50% + var(--media-tooltip-offset-x, 0px)), 0);
      }

      :host([placement="right"]) {
        position: absolute;
        left: calc(100% + var(--media-tooltip-distance, 12px));
        top: 50%;
        transform: translate(0, -50%);
      }
      :host([placement="right"]) #arrow {
        top: 50%;
        right: 100%;
        border-width: var(--_tooltip-arrow-half-width) var(--_tooltip-arrow-height) var(--_tooltip-arrow-half-width) 0;
        border-color: transparent var(--_tooltip-arrow-background) transparent transparent;
        transform: translate(0, -50%);
      }

      :host([placement="bottom"]) {
        position: absolute;
        top: calc(100% + var(--media-tooltip-distance, 12px));
        left: 50%;
        transform: translate(calc(-50% - var(--media-tooltip-offset-x, 0px)), 0);
      }
      :host([placement="bottom"]) #arrow {
        bottom: 100%;
        left: 50%;
        border-width: 0 var(--_tooltip-arrow-half-width) var(--_tooltip-arrow-height) var(--_tooltip-arrow-half-width);
        border-color: transparent transparent var(--_tooltip-arrow-background) transparent;
        transform: translate(calc(-50% + var(--media-tooltip-offset-x, 0px)), 0);
      }

      :host([placement="left"]) {
        position: absolute;
        right: calc(100% + var(--media-tooltip-distance, 12px));
        top: 50%;
        transform: translate(0, -50%);
      }
      :host([placement="left"]) #arrow {
        top: 50%;
        left: 100%;
        border-width: var(--_tooltip-arrow-half-width) 0 var(--_tooltip-arrow-half-width) var(--_tooltip-arrow-height);
        border-color: transparent transparent transparent var(--_tooltip-arrow-background);
        transform: translate(0, -50%);
      }
      
      :host([placement="none"]) #arrow {
        display: none;
      }
    </style>
    <slot></slot>
    <div id="arrow"></div>
  `}var kt=class extends d.HTMLElement{constructor(){if(super(),this.updateXOffset=()=>{var e;if(!Ui(this,{checkOpacity:!1,checkVisibilityCSS:!1}))return;let i=this.placement;if(i==="left"||i==="right"){this.style.removeProperty("--media-tooltip-offset-x");return}let r=getComputedStyle(this),a=(e=Oe(this,"#"+this.bounds))!=null?e:zs(this);if(!a)return;let{x:s,width:n}=a.getBoundingClientRect(),{x:l,width:c}=this.getBoundingClientRect(),_=l+c,S=s+n,I=r.getPropertyValue("--media-tooltip-offset-x"),f=I?parseFloat(I.replace("px","")):0,m=r.getPropertyValue("--media-tooltip-container-margin"),T=m?parseFloat(m.replace("px","")):0,E=l-s+f-T,w=_-S+f+T;if(E<0){this.style.setProperty("--media-tooltip-offset-x",`${E}px`);return}if(w>0){this.style.setProperty("--media-tooltip-offset-x",`${w}px`);return}this.style.removeProperty("--media-tooltip-offset-x")},!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=V(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(e)}if(this.arrowEl=this.shadowRoot.querySelector("#arrow"),Object.prototype.hasOwnProperty.call(this,"placement")){let e=this.placement;delete this.placement,this.placement=e}}static get observedAttributes(){return[yt.PLACEMENT,yt.BOUNDS]}get placement(){return R(this,yt.PLACEMENT)}set placement(e){L(this,yt.PLACEMENT,e)}get bounds(){return R(this,yt.BOUNDS)}set bounds(e){L(this,yt.BOUNDS,e)}};kt.shadowRootOptions={mode:"open"};kt.getTemplateHTML=Cl;d.customElements.get("media-tooltip")||d.customElements.define("media-tooltip",kt);var Ma=kt;var Da=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},K=(t,e,i)=>(Da(t,e,"read from private field"),i?i.call(t):e.get(t)),rt=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},or=(t,e,i,r)=>(Da(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),Wo=(t,e,i)=>(Da(t,e,"access private method"),i),be,Mt,La,Vo,Be,wt,nr,Ra,Ko,$e={TOOLTIP_PLACEMENT:"tooltipplacement",DISABLED:"disabled",NO_TOOLTIP:"notooltip"};function xl(t,e={}){return`
    <style>
      :host {
        position: relative;
        font: var(--media-font,
          var(--media-font-weight, bold)
          var(--media-font-size, 14px) /
          var(--media-text-content-height, var(--media-control-height, 24px))
          var(--media-font-family, helvetica neue, segoe ui, roboto, arial, sans-serif));
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        background: var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7)));
        padding: var(--media-button-padding, var(--media-control-padding, 10px));
        justify-content: var(--media-button-justify-content, center);
        display: inline-flex;
        align-items: center;
        vertical-align: middle;
        box-sizing: border-box;
        transition: background .15s linear;
        pointer-events: auto;
        cursor: var(--media-cursor, pointer);
        -webkit-tap-highlight-color: transparent;
      }

      
      :host(:focus-visible) {
        box-shadow: var(--media-focus-box-shadow, inset 0 0 0 2px rgb(27 127 204 / .9));
        outline: 0;
      }
      
      :host(:where(:focus)) {
        box-shadow: none;
        outline: 0;
      }

      :host(:hover) {
        background: var(--media-control-hover-background, rgba(50 50 70 / .7));
      }

      slot[name="icon"] {
        display: inline-flex;
        align-items: center;
      }

      svg, img, ::slotted(svg), ::slotted(img) {
        width: var(--media-button-icon-width);
        height: var(--media-button-icon-height, var(--media-control-height, 24px));
        transform: var(--media-button-icon-transform);
        transition: var(--media-button-icon-transition);
        fill: var(--media-icon-color, var(--media-primary-color, rgb(238 238 238)));
        vertical-align: middle;
        max-width: 100%;
        max-height: 100%;
        min-width: 100%;
      }

      media-tooltip {
        
        max-width: 0;
        overflow-x: clip;
        opacity: 0;
        transition: opacity .3s, max-width 0s 9s;
      }

      :host(:hover) media-tooltip,
      :host(:focus-visible) media-tooltip {
        max-width: 100vw;
        opacity: 1;
        transition: opacity .3s;
      }

      :host([notooltip]) slot[name="tooltip"] {
        display: none;
      }
    </style>

    ${this.getSlotTemplateHTML(t,e)}

    <slot name="tooltip">
      <media-tooltip part="tooltip" aria-hidden="true">
        <template shadowrootmode="${Ma.shadowRootOptions.mode}">
          ${Ma.getTemplateHTML({})}
        </template>
        <slot name="tooltip-content">
          ${this.getTooltipContentHTML(t)}
        </slot>
      </media-tooltip>
    </slot>
  `}function Ol(t,e){return`
    <slot></slot>
  `}function Ul(){return""}var O=class extends d.HTMLElement{constructor(){if(super(),rt(this,La),rt(this,Ra),rt(this,be,void 0),this.preventClick=!1,this.tooltipEl=null,rt(this,Mt,e=>{this.preventClick||this.handleClick(e),setTimeout(K(this,Be),0)}),rt(this,Be,()=>{var e,i;(i=(e=this.tooltipEl)==null?void 0:e.updateXOffset)==null||i.call(e)}),rt(this,wt,e=>{let{key:i}=e;if(!this.keysUsed.includes(i)){this.removeEventListener("keyup",K(this,wt));return}this.preventClick||this.handleClick(e)}),rt(this,nr,e=>{let{metaKey:i,altKey:r,key:a}=e;if(i||r||!this.keysUsed.includes(a)){this.removeEventListener("keyup",K(this,wt));return}this.addEventListener("keyup",K(this,wt),{once:!0})}),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=V(this.attributes),i=this.constructor.getTemplateHTML(e);this.shadowRoot.setHTMLUnsafe?this.shadowRoot.setHTMLUnsafe(i):this.shadowRoot.innerHTML=i}this.tooltipEl=this.shadowRoot.querySelector("media-tooltip")}static get observedAttributes(){return["disabled",$e.TOOLTIP_PLACEMENT,k.MEDIA_CONTROLLER,o.MEDIA_LANG]}enable(){this.addEventListener("click",K(this,Mt)),this.addEventListener("keydown",K(this,nr)),this.tabIndex=0}disable(){this.removeEventListener("click",K(this,Mt)),this.removeEventListener("keydown",K(this,nr)),this.removeEventListener("keyup",K(this,wt)),this.tabIndex=-1}attributeChangedCallback(e,i,r){var a,s,n,l,c;e===k.MEDIA_CONTROLLER?(i&&((s=(a=K(this,be))==null?void 0:a.unassociateElement)==null||s.call(a,this),or(this,be,null)),r&&this.isConnected&&(or(this,be,(n=this.getRootNode())==null?void 0:n.getElementById(r)),(c=(l=K(this,be))==null?void 0:l.associateElement)==null||c.call(l,this))):e==="disabled"&&r!==i?r==null?this.enable():this.disable():e===$e.TOOLTIP_PLACEMENT&&this.tooltipEl&&r!==i?this.tooltipEl.placement=r:e===o.MEDIA_LANG&&(this.shadowRoot.querySelector('slot[name="tooltip-content"]').innerHTML=this.constructor.getTooltipContentHTML()),Wo(this,La,Vo).call(this)&&K(this,Be).call(this)}connectedCallback(){var e,i,r;let{style:a}=C(this.shadowRoot,":host");a.setProperty("display",`var(--media-control-display, var(--${this.localName}-display, inline-flex))`),this.hasAttribute("disabled")?this.disable():this.enable(),this.setAttribute("role","button");let s=this.getAttribute(k.MEDIA_CONTROLLER);s&&(or(this,be,(e=this.getRootNode())==null?void 0:e.getElementById(s)),(r=(i=K(this,be))==null?void 0:i.associateElement)==null||r.call(i,this)),d.customElements.whenDefined("media-tooltip").then(()=>Wo(this,Ra,Ko).call(this))}disconnectedCallback(){var e,i;this.disable(),(i=(e=K(this,be))==null?void 0:e.unassociateElement)==null||i.call(e,this),or(this,be,null),this.removeEventListener("mouseenter",K(this,Be)),this.removeEventListener("focus",K(this,Be)),this.removeEventListener("click",K(this,Mt))}get keysUsed(){return["Enter"," "]}get tooltipPlacement(){return R(this,$e.TOOLTIP_PLACEMENT)}set tooltipPlacement(e){L(this,$e.TOOLTIP_PLACEMENT,e)}get mediaController(){return R(this,k.MEDIA_CONTROLLER)}set mediaController(e){L(this,k.MEDIA_CONTROLLER,e)}get disabled(){return b(this,$e.DISABLED)}set disabled(e){A(this,$e.DISABLED,e)}get noTooltip(){return b(this,$e.NO_TOOLTIP)}set noTooltip(e){A(this,$e.NO_TOOLTIP,e)}handleClick(e){}};be=new WeakMap;Mt=new WeakMap;La=new WeakSet;Vo=function(){try{return this.matches(":hover, :focus-visible")}catch{return this.matches(":hover, :focus")}};Be=new WeakMap;wt=new WeakMap;nr=new WeakMap;Ra=new WeakSet;Ko=function(){this.addEventListener("mouseenter",K(this,Be)),this.addEventListener("focus",K(this,Be)),this.addEventListener("click",K(this,Mt));let t=this.tooltipPlacement;t&&this.tooltipEl&&(this.tooltipEl.placement=t)};O.shadowRootOptions={mode:"open"};O.getTemplateHTML=xl;O.getSlotTemplateHTML=Ol;O.getTooltipContentHTML=Ul;d.customElements.get("media-chrome-button")||d.customElements.define("media-chrome-button",O);var Pl=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="m6 21 15-9L6 3v18Z"/>
</svg>`,Nl=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="M6 20h4V4H6v16Zm8-16v16h4V4h-4Z"/>
</svg>`;function Hl(t){return`
    <style>
      :host([${o.MEDIA_PAUSED}]) slot[name=pause],
      :host(:not([${o.MEDIA_PAUSED}])) slot[name=play] {
        display: none !important;
      }

      :host([${o.MEDIA_PAUSED}]) slot[name=tooltip-pause],
      :host(:not([${o.MEDIA_PAUSED}])) slot[name=tooltip-play] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="play">${Pl}</slot>
      <slot name="pause">${Nl}</slot>
    </slot>
  `}function Fl(){return`
    <slot name="tooltip-play">${v("Play")}</slot>
    <slot name="tooltip-pause">${v("Pause")}</slot>
  `}var Go=t=>{let e=t.mediaPaused?v("play"):v("pause");t.setAttribute("aria-label",e)},si=class extends O{static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_PAUSED,o.MEDIA_ENDED]}connectedCallback(){super.connectedCallback(),Go(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),(e===o.MEDIA_PAUSED||e===o.MEDIA_LANG)&&Go(this)}get mediaPaused(){return b(this,o.MEDIA_PAUSED)}set mediaPaused(e){A(this,o.MEDIA_PAUSED,e)}handleClick(){let e=this.mediaPaused?h.MEDIA_PLAY_REQUEST:h.MEDIA_PAUSE_REQUEST;this.dispatchEvent(new d.CustomEvent(e,{composed:!0,bubbles:!0}))}};si.getSlotTemplateHTML=Hl;si.getTooltipContentHTML=Fl;d.customElements.get("media-play-button")||d.customElements.define("media-play-button",si);var $l=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="M16.5 12A4.5 4.5 0 0 0 14 8v2.18l2.45 2.45a4.22 4.22 0 0 0 .05-.63Zm2.5 0a6.84 6.84 0 0 1-.54 2.64L20 16.15A8.8 8.8 0 0 0 21 12a9 9 0 0 0-7-8.77v2.06A7 7 0 0 1 19 12ZM4.27 3 3 4.27 7.73 9H3v6h4l5 5v-6.73l4.25 4.25A6.92 6.92 0 0 1 14 18.7v2.06A9 9 0 0 0 17.69 19l2 2.05L21 19.73l-9-9L4.27 3ZM12 4 9.91 6.09 12 8.18V4Z"/>
</svg>`,qo=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="M3 9v6h4l5 5V4L7 9H3Zm13.5 3A4.5 4.5 0 0 0 14 8v8a4.47 4.47 0 0 0 2.5-4Z"/>
</svg>`,Bl=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="M3 9v6h4l5 5V4L7 9H3Zm13.5 3A4.5 4.5 0 0 0 14 8v8a4.47 4.47 0 0 0 2.5-4ZM14 3.23v2.06a7 7 0 0 1 0 13.42v2.06a9 9 0 0 0 0-17.54Z"/>
</svg>`;function Wl(t){return`
    <style>
      :host(:not([${o.MEDIA_VOLUME_LEVEL}])) slot[name=icon] slot:not([name=high]),
      :host([${o.MEDIA_VOLUME_LEVEL}=high]) slot[name=icon] slot:not([name=high]) {
        display: none !important;
      }

      :host([${o.MEDIA_VOLUME_LEVEL}=off]) slot[name=icon] slot:not([name=off]) {
        display: none !important;
      }

      :host([${o.MEDIA_VOLUME_LEVEL}=low]) slot[name=icon] slot:not([name=low]) {
        display: none !important;
      }

      :host([${o.MEDIA_VOLUME_LEVEL}=medium]) slot[name=icon] slot:not([name=medium]) {
        display: none !important;
      }

      :host(:not([${o.MEDIA_VOLUME_LEVEL}=off])) slot[name=tooltip-unmute],
      :host([${o.MEDIA_VOLUME_LEVEL}=off]) slot[name=tooltip-mute] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="off">${$l}</slot>
      <slot name="low">${qo}</slot>
      <slot name="medium">${qo}</slot>
      <slot name="high">${Bl}</slot>
    </slot>
  `}function Vl(){return`
    <slot name="tooltip-mute">${v("Mute")}</slot>
    <slot name="tooltip-unmute">${v("Unmute")}</slot>
  `}var Yo=t=>{let i=t.mediaVolumeLevel==="off"?v("unmute"):v("mute");t.setAttribute("aria-label",i)},oi=class extends O{static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_VOLUME_LEVEL]}connectedCallback(){super.connectedCallback(),Yo(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===o.MEDIA_VOLUME_LEVEL&&Yo(this)}get mediaVolumeLevel(){return R(this,o.MEDIA_VOLUME_LEVEL)}set mediaVolumeLevel(e){L(this,o.MEDIA_VOLUME_LEVEL,e)}handleClick(){let e=this.mediaVolumeLevel==="off"?h.MEDIA_UNMUTE_REQUEST:h.MEDIA_MUTE_REQUEST;this.dispatchEvent(new d.CustomEvent(e,{composed:!0,bubbles:!0}))}};oi.getSlotTemplateHTML=Wl;oi.getTooltipContentHTML=Vl;d.customElements.get("media-mute-button")||d.customElements.define("media-mute-button",oi);var Ha=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},N=(t,e,i)=>(Ha(t,e,"read from private field"),i?i.call(t):e.get(t)),Z=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},We=(t,e,i,r)=>(Ha(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),pe=(t,e,i)=>(Ha(t,e,"access private method"),i),Ae,fr,lr,dr,ve,vr,cr,ur,hr,Fa,Qo,mr,Ca,pr,xa,Er,$a,Oa,zo,Ua,Zo,Pa,Xo,Na,Jo;function Kl(t){return`
    <style>
      :host {
        --_focus-box-shadow: var(--media-focus-box-shadow, inset 0 0 0 2px rgb(27 127 204 / .9));
        --_media-range-padding: var(--media-range-padding, var(--media-control-padding, 10px));

        box-shadow: var(--_focus-visible-box-shadow, none);
        background: var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7)));
        height: calc(var(--media-control-height, 24px) + 2 * var(--_media-range-padding));
        display: inline-flex;
        align-items: center;
        
        vertical-align: middle;
        box-sizing: border-box;
        position: relative;
        width: 100px;
        transition: background .15s linear;
        cursor: var(--media-cursor, pointer);
        pointer-events: auto;
        touch-action: none; 
      }

      
      input[type=range]:focus {
        outline: 0;
      }
      input[type=range]:focus::-webkit-slider-runnable-track {
        outline: 0;
      }

      :host(:hover) {
        background: var(--media-control-hover-background, rgb(50 50 70 / .7));
      }

      #leftgap {
        padding-left: var(--media-range-padding-left, var(--_media-range-padding));
      }

      #rightgap {
        padding-right: var(--media-range-padding-right, var(--_media-range-padding));
      }

      #startpoint,
      #endpoint {
        position: absolute;
      }

      #endpoint {
        right: 0;
      }

      #container {
        
        width: var(--media-range-track-width, 100%);
        transform: translate(var(--media-range-track-translate-x, 0px), var(--media-range-track-translate-y, 0px));
        position: relative;
        height: 100%;
        display: flex;
        align-items: center;
        min-width: 40px;
      }

      #range {
        
        display: var(--media-time-range-hover-display, block);
        bottom: var(--media-time-range-hover-bottom, 0);
        height: var(--media-time-range-hover-height, max(100% , 25px));
        width: 100%;
        position: absolute;
        cursor: var(--media-cursor, pointer);

        -webkit-appearance: none; 
        -webkit-tap-highlight-color: transparent;
        background: transparent; 
        margin: 0;
        z-index: 1;
      }

      @media (hover: hover) {
        #range {
          bottom: var(--media-time-range-hover-bottom, 0);
          height: var(--media-time-range-hover-height, max(100%, 20px));
        }
      }

      
      
      #range::-webkit-slider-thumb {
        -webkit-appearance: none;
        background: transparent;
        width: .1px;
        height: .1px;
      }

      
      #range::-moz-range-thumb {
        background: transparent;
        border: transparent;
        width: .1px;
        height: .1px;
      }

      #appearance {
        height: var(--media-range-track-height, 4px);
        display: flex;
        flex-direction: column;
        justify-content: center;
        width: 100%;
        position: absolute;
        
        will-change: transform;
      }

      #track {
        background: var(--media-range-track-background, rgb(255 255 255 / .2));
        border-radius: var(--media-range-track-border-radius, 1px);
        border: var(--media-range-track-border, none);
        outline: var(--media-range-track-outline);
        outline-offset: var(--media-range-track-outline-offset);
        backdrop-filter: var(--media-range-track-backdrop-filter);
        -webkit-backdrop-filter: var(--media-range-track-backdrop-filter);
        box-shadow: var(--media-range-track-box-shadow, none);
        position: absolute;
        width: 100%;
        height: 100%;
        overflow: hidden;
      }

      #progress,
      #pointer {
        position: absolute;
        height: 100%;
        will-change: width;
      }

      #progress {
        background: var(--media-range-bar-color, var(--media-primary-color, rgb(238 238 238)));
        transition: var(--media-range-track-transition);
      }

      #pointer {
        background: var(--media-range-track-pointer-background);
        border-right: var(--media-range-track-pointer-border-right);
        transition: visibility .25s, opacity .25s;
        visibility: hidden;
        opacity: 0;
      }

      @media (hover: hover) {
        :host(:hover) #pointer {
          transition: visibility .5s, opacity .5s;
          visibility: visible;
          opacity: 1;
        }
      }

      #thumb,
      ::slotted([slot=thumb]) {
        width: var(--media-range-thumb-width, 10px);
        height: var(--media-range-thumb-height, 10px);
        transition: var(--media-range-thumb-transition);
        transform: var(--media-range-thumb-transform, none);
        opacity: var(--media-range-thumb-opacity, 1);
        translate: -50%;
        position: absolute;
        left: 0;
        cursor: var(--media-cursor, pointer);
      }

      #thumb {
        border-radius: var(--media-range-thumb-border-radius, 10px);
        background: var(--media-range-thumb-background, var(--media-primary-color, rgb(238 238 238)));
        box-shadow: var(--media-range-thumb-box-shadow, 1px 1px 1px transparent);
        border: var(--media-range-thumb-border, none);
      }

      :host([disabled]) #thumb {
        background-color: #777;
      }

      .segments #appearance {
        height: var(--media-range-segment-hover-height, 7px);
      }

      #track {
        clip-path: url(#segments-clipping);
      }

      #segments {
        --segments-gap: var(--media-range-segments-gap, 2px);
        position: absolute;
        width: 100%;
        height: 100%;
      }

      #segments-clipping {
        transform: translateX(calc(var(--segments-gap) / 2));
      }

      #segments-clipping:empty {
        display: none;
      }

      #segments-clipping rect {
        height: var(--media-range-track-height, 4px);
        y: calc((var(--media-range-segment-hover-height, 7px) - var(--media-range-track-height, 4px)) / 2);
        transition: var(--media-range-segment-transition, transform .1s ease-in-out);
        transform: var(--media-range-segment-transform, scaleY(1));
        transform-origin: center;
      }

      /* Visible label for accessibility - positioned off-screen but technically visible (Firefox requires visible labels) */
      #range-label {
        position: absolute;
        left: -10000px;
        background: var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7)));
        pointer-events: none;
      }
    </style>
    <div id="leftgap"></div>
    <div id="container">
      <div id="startpoint"></div>
      <div id="endpoint"></div>
      <div id="appearance">
        <div id="track" part="track">
          <div id="pointer"></div>
          <div id="progress" part="progress"></div>
        </div>
        <slot name="thumb">
          <div id="thumb" part="thumb"></div>
        </slot>
        <svg id="segments" aria-hidden="true"><clipPath id="segments-clipping"></clipPath></svg>
      </div>
        <input id="range" type="range" min="0" max="1" step="any" value="0">
        <label for="range" id="range-label"></label>

      ${this.getContainerTemplateHTML(t)}
    </div>
    <div id="rightgap"></div>
  `}function Gl(t){return""}var Te=class extends d.HTMLElement{constructor(){if(super(),Z(this,Fa),Z(this,mr),Z(this,pr),Z(this,Er),Z(this,Oa),Z(this,Ua),Z(this,Pa),Z(this,Na),Z(this,Ae,void 0),Z(this,fr,void 0),Z(this,lr,void 0),Z(this,dr,void 0),Z(this,ve,{}),Z(this,vr,[]),Z(this,cr,()=>{if(this.range.matches(":focus-visible")){let{style:e}=C(this.shadowRoot,":host");e.setProperty("--_focus-visible-box-shadow","var(--_focus-box-shadow)")}}),Z(this,ur,()=>{let{style:e}=C(this.shadowRoot,":host");e.removeProperty("--_focus-visible-box-shadow")}),Z(this,hr,()=>{let e=this.shadowRoot.querySelector("#segments-clipping");e&&e.parentNode.append(e)}),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=V(this.attributes),i=this.constructor.getTemplateHTML(e);this.shadowRoot.setHTMLUnsafe?this.shadowRoot.setHTMLUnsafe(i):this.shadowRoot.innerHTML=i}this.container=this.shadowRoot.querySelector("#container"),We(this,lr,this.shadowRoot.querySelector("#startpoint")),We(this,dr,this.shadowRoot.querySelector("#endpoint")),this.range=this.shadowRoot.querySelector("#range"),this.appearance=this.shadowRoot.querySelector("#appearance")}static get observedAttributes(){return["disabled","aria-disabled",k.MEDIA_CONTROLLER]}attributeChangedCallback(e,i,r){var a,s,n,l,c;e===k.MEDIA_CONTROLLER?(i&&((s=(a=N(this,Ae))==null?void 0:a.unassociateElement)==null||s.call(a,this),We(this,Ae,null)),r&&this.isConnected&&(We(this,Ae,(n=this.getRootNode())==null?void 0:n.getElementById(r)),(c=(l=N(this,Ae))==null?void 0:l.associateElement)==null||c.call(l,this))):(e==="disabled"||e==="aria-disabled"&&i!==r)&&(r==null?(this.range.removeAttribute(e),pe(this,mr,Ca).call(this)):(this.range.setAttribute(e,r),pe(this,pr,xa).call(this)))}connectedCallback(){var e,i,r;let{style:a}=C(this.shadowRoot,":host");a.setProperty("display",`var(--media-control-display, var(--${this.localName}-display, inline-flex))`),N(this,ve).pointer=C(this.shadowRoot,"#pointer"),N(this,ve).progress=C(this.shadowRoot,"#progress"),N(this,ve).thumb=C(this.shadowRoot,'#thumb, ::slotted([slot="thumb"])'),N(this,ve).activeSegment=C(this.shadowRoot,"#segments-clipping rect:nth-child(0)");let s=this.getAttribute(k.MEDIA_CONTROLLER);s&&(We(this,Ae,(e=this.getRootNode())==null?void 0:e.getElementById(s)),(r=(i=N(this,Ae))==null?void 0:i.associateElement)==null||r.call(i,this)),this.updateBar(),this.shadowRoot.addEventListener("focusin",N(this,cr)),this.shadowRoot.addEventListener("focusout",N(this,ur)),pe(this,mr,Ca).call(this),Di(this.container,N(this,hr))}disconnectedCallback(){var e,i;pe(this,pr,xa).call(this),(i=(e=N(this,Ae))==null?void 0:e.unassociateElement)==null||i.call(e,this),We(this,Ae,null),this.shadowRoot.removeEventListener("focusin",N(this,cr)),this.shadowRoot.removeEventListener("focusout",N(this,ur)),Ci(this.container,N(this,hr))}updatePointerBar(e){var i;(i=N(this,ve).pointer)==null||i.style.setProperty("width",`${this.getPointerRatio(e)*100}%`)}updateBar(){var e,i;let r=this.range.valueAsNumber*100;(e=N(this,ve).progress)==null||e.style.setProperty("width",`${r}%`),(i=N(this,ve).thumb)==null||i.style.setProperty("left",`${r}%`)}updateSegments(e){let i=this.shadowRoot.querySelector("#segments-clipping");if(i.textContent="",this.container.classList.toggle("segments",!!e?.length),!e?.length)return;let r=[...new Set([+this.range.min,...e.flatMap(s=>[s.start,s.end]),+this.range.max])];We(this,vr,[...r]);let a=r.pop();for(let[s,n]of r.entries()){let[l,c]=[s===0,s===r.length-1],_=l?"calc(var(--segments-gap) / -1)":`${n*100}%`,I=`calc(${((c?a:r[s+1])-n)*100}%${l||c?"":" - var(--segments-gap)"})`,f=W.createElementNS("http://www.w3.org/2000/svg","rect"),m=ta(this.shadowRoot,`#segments-clipping rect:nth-child(${s+1})`);m.style.setProperty("x",_),m.style.setProperty("width",I),i.append(f)}}getPointerRatio(e){return Zs(e.clientX,e.clientY,N(this,lr).getBoundingClientRect(),N(this,dr).getBoundingClientRect())}get dragging(){return this.hasAttribute("dragging")}handleEvent(e){switch(e.type){case"pointermove":pe(this,Na,Jo).call(this,e);break;case"input":this.updateBar();break;case"pointerenter":pe(this,Oa,zo).call(this,e);break;case"pointerdown":pe(this,Er,$a).call(this,e);break;case"pointerup":pe(this,Ua,Zo).call(this);break;case"pointerleave":pe(this,Pa,Xo).call(this);break}}get keysUsed(){return["ArrowUp","ArrowRight","ArrowDown","ArrowLeft"]}};Ae=new WeakMap;fr=new WeakMap;lr=new WeakMap;dr=new WeakMap;ve=new WeakMap;vr=new WeakMap;cr=new WeakMap;ur=new WeakMap;hr=new WeakMap;Fa=new WeakSet;Qo=function(t){let e=N(this,ve).activeSegment;if(!e)return;let i=this.getPointerRatio(t),a=`#segments-clipping rect:nth-child(${N(this,vr).findIndex((s,n,l)=>{let c=l[n+1];return c!=null&&i>=s&&i<=c})+1})`;(e.selectorText!=a||!e.style.transform)&&(e.selectorText=a,e.style.setProperty("transform","var(--media-range-segment-hover-transform, scaleY(2))"))};mr=new WeakSet;Ca=function(){this.hasAttribute("disabled")||!this.isConnected||(this.addEventListener("input",this),this.addEventListener("pointerdown",this),this.addEventListener("pointerenter",this))};pr=new WeakSet;xa=function(){var t,e;this.removeEventListener("input",this),this.removeEventListener("pointerdown",this),this.removeEventListener("pointerenter",this),this.removeEventListener("pointerleave",this),(t=d.window)==null||t.removeEventListener("pointerup",this),(e=d.window)==null||e.removeEventListener("pointermove",this)};Er=new WeakSet;$a=function(t){var e;We(this,fr,t.composedPath().includes(this.range)),(e=d.window)==null||e.addEventListener("pointerup",this,{once:!0})};Oa=new WeakSet;zo=function(t){var e;t.pointerType!=="mouse"&&pe(this,Er,$a).call(this,t),this.addEventListener("pointerleave",this,{once:!0}),(e=d.window)==null||e.addEventListener("pointermove",this)};Ua=new WeakSet;Zo=function(){var t;(t=d.window)==null||t.removeEventListener("pointerup",this),this.toggleAttribute("dragging",!1),this.range.disabled=this.hasAttribute("disabled")};Pa=new WeakSet;Xo=function(){var t,e;this.removeEventListener("pointerleave",this),(t=d.window)==null||t.removeEventListener("pointermove",this),this.toggleAttribute("dragging",!1),this.range.disabled=this.hasAttribute("disabled"),(e=N(this,ve).activeSegment)==null||e.style.removeProperty("transform")};Na=new WeakSet;Jo=function(t){t.pointerType==="pen"&&t.buttons===0||(this.toggleAttribute("dragging",t.buttons===1||t.pointerType!=="mouse"),this.updatePointerBar(t),pe(this,Fa,Qo).call(this,t),this.dragging&&(t.pointerType!=="mouse"||!N(this,fr))&&(this.range.disabled=!0,this.range.valueAsNumber=this.getPointerRatio(t),this.range.dispatchEvent(new Event("input",{bubbles:!0,composed:!0}))))};Te.shadowRootOptions={mode:"open"};Te.getTemplateHTML=Kl;Te.getContainerTemplateHTML=Gl;d.customElements.get("media-chrome-range")||d.customElements.define("media-chrome-range",Te);var ql=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},jo=(t,e,i)=>(ql(t,e,"read from private field"),i?i.call(t):e.get(t)),Yl=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},gr,Ql=1,zl=t=>t.mediaMuted?0:t.mediaVolume,Zl=t=>`${Math.round(t*100)}%`,Ba=class extends Te{constructor(){super(...arguments),Yl(this,gr,()=>{let e=this.range.value,i=new d.CustomEvent(h.MEDIA_VOLUME_REQUEST,{composed:!0,bubbles:!0,detail:e});this.dispatchEvent(i)})}static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_VOLUME,o.MEDIA_MUTED,o.MEDIA_VOLUME_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),this.range.setAttribute("aria-label",v("volume")),this.range.addEventListener("input",jo(this,gr))}disconnectedCallback(){this.range.removeEventListener("input",jo(this,gr)),super.disconnectedCallback()}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),(e===o.MEDIA_VOLUME||e===o.MEDIA_MUTED)&&(this.range.valueAsNumber=zl(this),this.range.setAttribute("aria-valuetext",Zl(this.range.valueAsNumber)),this.updateBar())}get mediaVolume(){return x(this,o.MEDIA_VOLUME,Ql)}set mediaVolume(e){H(this,o.MEDIA_VOLUME,e)}get mediaMuted(){return b(this,o.MEDIA_MUTED)}set mediaMuted(e){A(this,o.MEDIA_MUTED,e)}get mediaVolumeUnavailable(){return R(this,o.MEDIA_VOLUME_UNAVAILABLE)}set mediaVolumeUnavailable(e){L(this,o.MEDIA_VOLUME_UNAVAILABLE,e)}};gr=new WeakMap;d.customElements.get("media-volume-range")||d.customElements.define("media-volume-range",Ba);var en=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},_r=(t,e,i)=>(en(t,e,"read from private field"),i?i.call(t):e.get(t)),Xl=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},br=(t,e,i,r)=>(en(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),Se;function Jl(t){return`
    <style>
      :host {
        box-sizing: border-box;
        display: var(--media-control-display, var(--media-preview-thumbnail-display, inline-block));
        overflow: hidden;
      }

      img {
        display: none;
        position: relative;
      }
    </style>
    <img crossorigin loading="eager" decoding="async">
  `}var Lt=class extends d.HTMLElement{constructor(){if(super(),Xl(this,Se,void 0),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=V(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(e)}}static get observedAttributes(){return[k.MEDIA_CONTROLLER,o.MEDIA_PREVIEW_IMAGE,o.MEDIA_PREVIEW_COORDS]}connectedCallback(){var e,i,r;let a=this.getAttribute(k.MEDIA_CONTROLLER);a&&(br(this,Se,(e=this.getRootNode())==null?void 0:e.getElementById(a)),(r=(i=_r(this,Se))==null?void 0:i.associateElement)==null||r.call(i,this))}disconnectedCallback(){var e,i;(i=(e=_r(this,Se))==null?void 0:e.unassociateElement)==null||i.call(e,this),br(this,Se,null)}attributeChangedCallback(e,i,r){var a,s,n,l,c;[o.MEDIA_PREVIEW_IMAGE,o.MEDIA_PREVIEW_COORDS].includes(e)&&this.update(),e===k.MEDIA_CONTROLLER&&(i&&((s=(a=_r(this,Se))==null?void 0:a.unassociateElement)==null||s.call(a,this),br(this,Se,null)),r&&this.isConnected&&(br(this,Se,(n=this.getRootNode())==null?void 0:n.getElementById(r)),(c=(l=_r(this,Se))==null?void 0:l.associateElement)==null||c.call(l,this)))}get mediaPreviewImage(){return R(this,o.MEDIA_PREVIEW_IMAGE)}set mediaPreviewImage(e){L(this,o.MEDIA_PREVIEW_IMAGE,e)}get mediaPreviewCoords(){let e=this.getAttribute(o.MEDIA_PREVIEW_COORDS);if(e)return e.split(/\s+/).map(i=>+i)}set mediaPreviewCoords(e){if(!e){this.removeAttribute(o.MEDIA_PREVIEW_COORDS);return}this.setAttribute(o.MEDIA_PREVIEW_COORDS,e.join(" "))}update(){let e=this.mediaPreviewCoords,i=this.mediaPreviewImage;if(!(e&&i))return;let[r,a,s,n]=e,l=i.split("#")[0],c=getComputedStyle(this),{maxWidth:_,maxHeight:S,minWidth:I,minHeight:f}=c,m=c.getPropertyValue("--media-preview-thumbnail-object-fit").trim()||"contain",T,E;if(m==="fill"){let Me=parseInt(_)/s,Le=parseInt(S)/n,Bt=parseInt(I)/s,qe=parseInt(f)/n;T=Me<1?Me:Math.max(Me,Bt),E=Le<1?Le:Math.max(Le,qe)}else{let Me=Math.min(parseInt(_)/s,parseInt(S)/n),Le=Math.max(parseInt(I)/s,parseInt(f)/n),qe=Me<1?Me:Le>1?Le:1;T=qe,E=qe}let{style:w}=C(this.shadowRoot,":host"),y=C(this.shadowRoot,"img").style,X=this.shadowRoot.querySelector("img"),$t=Math.min(T,E)<1?"min":"max";w.setProperty(`${$t}-width`,"initial","important"),w.setProperty(`${$t}-height`,"initial","important"),w.width=`${s*T}px`,w.height=`${n*E}px`;let lt=()=>{y.width=`${this.imgWidth*T}px`,y.height=`${this.imgHeight*E}px`,y.display="block"};X.src!==l&&(X.onload=()=>{this.imgWidth=X.naturalWidth,this.imgHeight=X.naturalHeight,lt(),X.onload=null},X.src=l,lt()),lt(),y.transform=`translate(-${r*T}px, -${a*E}px)`}};Se=new WeakMap;Lt.shadowRootOptions={mode:"open"};Lt.getTemplateHTML=Jl;d.customElements.get("media-preview-thumbnail")||d.customElements.define("media-preview-thumbnail",Lt);var Wa=Lt;var tn=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Ar=(t,e,i)=>(tn(t,e,"read from private field"),i?i.call(t):e.get(t)),jl=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Tr=(t,e,i,r)=>(tn(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),Ie;function ed(t,e={}){return`
    <style>
      :host {
        font: var(--media-font,
          var(--media-font-weight, normal)
          var(--media-font-size, 14px) /
          var(--media-text-content-height, var(--media-control-height, 24px))
          var(--media-font-family, helvetica neue, segoe ui, roboto, arial, sans-serif));
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        background: var(--media-text-background, var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7))));
        padding: var(--media-control-padding, 10px);
        display: inline-flex;
        justify-content: center;
        align-items: center;
        vertical-align: middle;
        box-sizing: border-box;
        text-align: center;
        pointer-events: auto;
      }

      
      :host(:focus-visible) {
        box-shadow: var(--media-focus-box-shadow, inset 0 0 0 2px rgb(27 127 204 / .9));
        outline: 0;
      }

      
      :host(:where(:focus)) {
        box-shadow: none;
        outline: 0;
      }
    </style>

    ${this.getSlotTemplateHTML(t,e)}
  `}function td(t,e){return`
    <slot></slot>
  `}var oe=class extends d.HTMLElement{constructor(){if(super(),jl(this,Ie,void 0),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=V(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(e)}}static get observedAttributes(){return[k.MEDIA_CONTROLLER]}attributeChangedCallback(e,i,r){var a,s,n,l,c;e===k.MEDIA_CONTROLLER&&(i&&((s=(a=Ar(this,Ie))==null?void 0:a.unassociateElement)==null||s.call(a,this),Tr(this,Ie,null)),r&&this.isConnected&&(Tr(this,Ie,(n=this.getRootNode())==null?void 0:n.getElementById(r)),(c=(l=Ar(this,Ie))==null?void 0:l.associateElement)==null||c.call(l,this)))}connectedCallback(){var e,i,r;let{style:a}=C(this.shadowRoot,":host");a.setProperty("display",`var(--media-control-display, var(--${this.localName}-display, inline-flex))`);let s=this.getAttribute(k.MEDIA_CONTROLLER);s&&(Tr(this,Ie,(e=this.getRootNode())==null?void 0:e.getElementById(s)),(r=(i=Ar(this,Ie))==null?void 0:i.associateElement)==null||r.call(i,this))}disconnectedCallback(){var e,i;(i=(e=Ar(this,Ie))==null?void 0:e.unassociateElement)==null||i.call(e,this),Tr(this,Ie,null)}};Ie=new WeakMap;oe.shadowRootOptions={mode:"open"};oe.getTemplateHTML=ed;oe.getSlotTemplateHTML=td;d.customElements.get("media-text-display")||d.customElements.define("media-text-display",oe);var rn=[{singular:"hour",plural:"hours"},{singular:"minute",plural:"minutes"},{singular:"second",plural:"seconds"}],an=(t,e)=>{let i=t===1?v(rn[e].singular):v(rn[e].plural);return`${t} ${i}`},at=t=>{if(!Tt(t))return"";let e=Math.abs(t),i=e!==t,r=new Date(0,0,0,0,0,e,0),s=[r.getHours(),r.getMinutes(),r.getSeconds()].map((n,l)=>n&&an(n,l)).filter(n=>n).join(", ");return i?v("{time} remaining",{time:s}):e===0?an(0,2):s};function st(t,e){let i=!1;t<0&&(i=!0,t=0-t),t=t<0?0:t;let r=Math.floor(t%60),a=Math.floor(t/60%60),s=Math.floor(t/3600),n=Math.floor(e/60%60),l=Math.floor(e/3600);return(isNaN(t)||t===1/0)&&(s=a=r="0"),s=s>0||l>0?s+":":"",a=((s||n>=10)&&a<10?"0"+a:a)+":",r=r<10?"0"+r:r,(i?"-":"")+s+a+r}var mh=Object.freeze({length:0,start(t){let e=t>>>0;if(e>=this.length)throw new DOMException(`Failed to execute 'start' on 'TimeRanges': The index provided (${e}) is greater than or equal to the maximum bound (${this.length}).`);return 0},end(t){let e=t>>>0;if(e>=this.length)throw new DOMException(`Failed to execute 'end' on 'TimeRanges': The index provided (${e}) is greater than or equal to the maximum bound (${this.length}).`);return 0}});var on=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},sn=(t,e,i)=>(on(t,e,"read from private field"),i?i.call(t):e.get(t)),id=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},rd=(t,e,i,r)=>(on(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),ni,Va=class extends oe{constructor(){super(),id(this,ni,void 0),rd(this,ni,this.shadowRoot.querySelector("slot")),sn(this,ni).textContent=st(0)}static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_PREVIEW_TIME]}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===o.MEDIA_PREVIEW_TIME&&r!=null&&(sn(this,ni).textContent=st(parseFloat(r)))}get mediaPreviewTime(){return x(this,o.MEDIA_PREVIEW_TIME)}set mediaPreviewTime(e){H(this,o.MEDIA_PREVIEW_TIME,e)}};ni=new WeakMap;d.customElements.get("media-preview-time-display")||d.customElements.define("media-preview-time-display",Va);var nn=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},ad=(t,e,i)=>(nn(t,e,"read from private field"),i?i.call(t):e.get(t)),sd=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},od=(t,e,i,r)=>(nn(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),Sr,Ka=class extends oe{constructor(){super(),sd(this,Sr,void 0),od(this,Sr,this.shadowRoot.querySelector("slot"))}static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_PREVIEW_CHAPTER,o.MEDIA_LANG]}attributeChangedCallback(e,i,r){if(super.attributeChangedCallback(e,i,r),(e===o.MEDIA_PREVIEW_CHAPTER||e===o.MEDIA_LANG)&&r!==i&&r!=null)if(ad(this,Sr).textContent=r,r!==""){let a=v("chapter: {chapterName}",{chapterName:r});this.setAttribute("aria-valuetext",a)}else this.removeAttribute("aria-valuetext")}get mediaPreviewChapter(){return R(this,o.MEDIA_PREVIEW_CHAPTER)}set mediaPreviewChapter(e){L(this,o.MEDIA_PREVIEW_CHAPTER,e)}};Sr=new WeakMap;d.customElements.get("media-preview-chapter-display")||d.customElements.define("media-preview-chapter-display",Ka);var ln=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Q=(t,e,i)=>(ln(t,e,"read from private field"),i?i.call(t):e.get(t)),ye=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},se=(t,e,i,r)=>(ln(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),nd=(t,e,i,r)=>({set _(a){se(t,e,a,i)},get _(){return Q(t,e,r)}}),Rt,Ir,Dt,li,yr,kr,wr,Ct,ot,Mr,Lr=class{constructor(e,i,r){ye(this,Rt,void 0),ye(this,Ir,void 0),ye(this,Dt,void 0),ye(this,li,void 0),ye(this,yr,void 0),ye(this,kr,void 0),ye(this,wr,void 0),ye(this,Ct,void 0),ye(this,ot,0),ye(this,Mr,(a=performance.now())=>{se(this,ot,requestAnimationFrame(Q(this,Mr))),se(this,li,performance.now()-Q(this,Dt));let s=1e3/this.fps;if(Q(this,li)>s){se(this,Dt,a-Q(this,li)%s);let n=1e3/((a-Q(this,Ir))/++nd(this,yr)._),l=(a-Q(this,kr))/1e3/this.duration,c=Q(this,wr)+l*this.playbackRate;c-Q(this,Rt).valueAsNumber>0?se(this,Ct,this.playbackRate/this.duration/n):(se(this,Ct,.995*Q(this,Ct)),c=Q(this,Rt).valueAsNumber+Q(this,Ct)),this.callback(c)}}),se(this,Rt,e),this.callback=i,this.fps=r}start(){Q(this,ot)===0&&(se(this,Dt,performance.now()),se(this,Ir,Q(this,Dt)),se(this,yr,0),Q(this,Mr).call(this))}stop(){Q(this,ot)!==0&&(cancelAnimationFrame(Q(this,ot)),se(this,ot,0))}update({start:e,duration:i,playbackRate:r}){let a=e-Q(this,Rt).valueAsNumber,s=Math.abs(i-this.duration);(a>0||a<-.5/i||s>=.5)&&this.callback(e),se(this,wr,e),se(this,kr,performance.now()),this.duration=i,this.playbackRate=r}};Rt=new WeakMap;Ir=new WeakMap;Dt=new WeakMap;li=new WeakMap;yr=new WeakMap;kr=new WeakMap;wr=new WeakMap;Ct=new WeakMap;ot=new WeakMap;Mr=new WeakMap;var za=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},U=(t,e,i)=>(za(t,e,"read from private field"),i?i.call(t):e.get(t)),G=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},ne=(t,e,i,r)=>(za(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),le=(t,e,i)=>(za(t,e,"access private method"),i),xt,Ve,Cr,ci,xr,Dr,ui,hi,Ot,Ut,di,Ga,dn,qa,Or,Za,Ur,Xa,Pr,Ja,Ya,cn,mi,Nr,Qa,un,ld=t=>{let e=t.range,i=at(+hn(t)),r=at(+t.mediaSeekableEnd),a=i&&r?v("{currentTime} of {totalTime}",{currentTime:i,totalTime:r}):v("video not loaded, unknown time.");e.setAttribute("aria-valuetext",a)};function dd(t){return`
    <style>
      :host {
        --media-box-border-radius: 4px;
        --media-box-padding-left: 10px;
        --media-box-padding-right: 10px;
        --media-preview-border-radius: var(--media-box-border-radius);
        --media-box-arrow-offset: var(--media-box-border-radius);
        --_control-background: var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7)));
        --_preview-background: var(--media-preview-background, var(--_control-background));

        
        contain: layout;
      }

      #buffered {
        background: var(--media-time-range-buffered-color, rgb(255 255 255 / .4));
        position: absolute;
        height: 100%;
        will-change: width;
      }

      #preview-rail,
      #current-rail {
        width: 100%;
        position: absolute;
        left: 0;
        bottom: 100%;
        pointer-events: none;
        will-change: transform;
      }

      [part~="box"] {
        width: min-content;
        
        position: absolute;
        bottom: 100%;
        flex-direction: column;
        align-items: center;
        transform: translateX(-50%);
      }

      [part~="current-box"] {
        display: var(--media-current-box-display, var(--media-box-display, flex));
        margin: var(--media-current-box-margin, var(--media-box-margin, 0 0 5px));
        visibility: hidden;
      }

      [part~="preview-box"] {
        display: var(--media-preview-box-display, var(--media-box-display, flex));
        margin: var(--media-preview-box-margin, var(--media-box-margin, 0 0 5px));
        transition-property: var(--media-preview-transition-property, visibility, opacity);
        transition-duration: var(--media-preview-transition-duration-out, .25s);
        transition-delay: var(--media-preview-transition-delay-out, 0s);
        visibility: hidden;
        opacity: 0;
      }

      :host(:is([${o.MEDIA_PREVIEW_IMAGE}], [${o.MEDIA_PREVIEW_TIME}])[dragging]) [part~="preview-box"] {
        transition-duration: var(--media-preview-transition-duration-in, .5s);
        transition-delay: var(--media-preview-transition-delay-in, .25s);
        visibility: visible;
        opacity: 1;
      }

      @media (hover: hover) {
        :host(:is([${o.MEDIA_PREVIEW_IMAGE}], [${o.MEDIA_PREVIEW_TIME}]):hover) [part~="preview-box"] {
          transition-duration: var(--media-preview-transition-duration-in, .5s);
          transition-delay: var(--media-preview-transition-delay-in, .25s);
          visibility: visible;
          opacity: 1;
        }
      }

      media-preview-thumbnail,
      ::slotted(media-preview-thumbnail) {
        visibility: hidden;
        
        transition: visibility 0s .25s;
        transition-delay: calc(var(--media-preview-transition-delay-out, 0s) + var(--media-preview-transition-duration-out, .25s));
        background: var(--media-preview-thumbnail-background, var(--_preview-background));
        box-shadow: var(--media-preview-thumbnail-box-shadow, 0 0 4px rgb(0 0 0 / .2));
        max-width: var(--media-preview-thumbnail-max-width, 180px);
        max-height: var(--media-preview-thumbnail-max-height, 160px);
        min-width: var(--media-preview-thumbnail-min-width, 120px);
        min-height: var(--media-preview-thumbnail-min-height, 80px);
        border: var(--media-preview-thumbnail-border);
        border-radius: var(--media-preview-thumbnail-border-radius,
          var(--media-preview-border-radius) var(--media-preview-border-radius) 0 0);
      }

      :host([${o.MEDIA_PREVIEW_IMAGE}][dragging]) media-preview-thumbnail,
      :host([${o.MEDIA_PREVIEW_IMAGE}][dragging]) ::slotted(media-preview-thumbnail) {
        transition-delay: var(--media-preview-transition-delay-in, .25s);
        visibility: visible;
      }

      @media (hover: hover) {
        :host([${o.MEDIA_PREVIEW_IMAGE}]:hover) media-preview-thumbnail,
        :host([${o.MEDIA_PREVIEW_IMAGE}]:hover) ::slotted(media-preview-thumbnail) {
          transition-delay: var(--media-preview-transition-delay-in, .25s);
          visibility: visible;
        }

        :host([${o.MEDIA_PREVIEW_TIME}]:hover) {
          --media-time-range-hover-display: block;
        }
      }

      media-preview-chapter-display,
      ::slotted(media-preview-chapter-display) {
        font-size: var(--media-font-size, 13px);
        line-height: 17px;
        min-width: 0;
        visibility: hidden;
        
        transition: min-width 0s, border-radius 0s, margin 0s, padding 0s, visibility 0s;
        transition-delay: calc(var(--media-preview-transition-delay-out, 0s) + var(--media-preview-transition-duration-out, .25s));
        background: var(--media-preview-chapter-background, var(--_preview-background));
        border-radius: var(--media-preview-chapter-border-radius,
          var(--media-preview-border-radius) var(--media-preview-border-radius)
          var(--media-preview-border-radius) var(--media-preview-border-radius));
        padding: var(--media-preview-chapter-padding, 3.5px 9px);
        margin: var(--media-preview-chapter-margin, 0 0 5px);
        text-shadow: var(--media-preview-chapter-text-shadow, 0 0 4px rgb(0 0 0 / .75));
      }

      :host([${o.MEDIA_PREVIEW_IMAGE}]) media-preview-chapter-display,
      :host([${o.MEDIA_PREVIEW_IMAGE}]) ::slotted(media-preview-chapter-display) {
        transition-delay: var(--media-preview-transition-delay-in, .25s);
        border-radius: var(--media-preview-chapter-border-radius, 0);
        padding: var(--media-preview-chapter-padding, 3.5px 9px 0);
        margin: var(--media-preview-chapter-margin, 0);
        min-width: 100%;
      }

      media-preview-chapter-display[${o.MEDIA_PREVIEW_CHAPTER}],
      ::slotted(media-preview-chapter-display[${o.MEDIA_PREVIEW_CHAPTER}]) {
        visibility: visible;
      }

      media-preview-chapter-display:not([aria-valuetext]),
      ::slotted(media-preview-chapter-display:not([aria-valuetext])) {
        display: none;
      }

      media-preview-time-display,
      ::slotted(media-preview-time-display),
      media-time-display,
      ::slotted(media-time-display) {
        font-size: var(--media-font-size, 13px);
        line-height: 17px;
        min-width: 0;
        
        transition: min-width 0s, border-radius 0s;
        transition-delay: calc(var(--media-preview-transition-delay-out, 0s) + var(--media-preview-transition-duration-out, .25s));
        background: var(--media-preview-time-background, var(--_preview-background));
        border-radius: var(--media-preview-time-border-radius,
          var(--media-preview-border-radius) var(--media-preview-border-radius)
          var(--media-preview-border-radius) var(--media-preview-border-radius));
        padding: var(--media-preview-time-padding, 3.5px 9px);
        margin: var(--media-preview-time-margin, 0);
        text-shadow: var(--media-preview-time-text-shadow, 0 0 4px rgb(0 0 0 / .75));
        transform: translateX(min(
          max(calc(50% - var(--_box-width) / 2),
          calc(var(--_box-shift, 0))),
          calc(var(--_box-width) / 2 - 50%)
        ));
      }

      :host([${o.MEDIA_PREVIEW_IMAGE}]) media-preview-time-display,
      :host([${o.MEDIA_PREVIEW_IMAGE}]) ::slotted(media-preview-time-display) {
        transition-delay: var(--media-preview-transition-delay-in, .25s);
        border-radius: var(--media-preview-time-border-radius,
          0 0 var(--media-preview-border-radius) var(--media-preview-border-radius));
        min-width: 100%;
      }

      :host([${o.MEDIA_PREVIEW_TIME}]:hover) {
        --media-time-range-hover-display: block;
      }

      [part~="arrow"],
      ::slotted([part~="arrow"]) {
        display: var(--media-box-arrow-display, inline-block);
        transform: translateX(min(
          max(calc(50% - var(--_box-width) / 2 + var(--media-box-arrow-offset)),
          calc(var(--_box-shift, 0))),
          calc(var(--_box-width) / 2 - 50% - var(--media-box-arrow-offset))
        ));
        
        border-color: transparent;
        border-top-color: var(--media-box-arrow-background, var(--_control-background));
        border-width: var(--media-box-arrow-border-width,
          var(--media-box-arrow-height, 5px) var(--media-box-arrow-width, 6px) 0);
        border-style: solid;
        justify-content: center;
        height: 0;
      }
    </style>
    <div id="preview-rail">
      <slot name="preview" part="box preview-box">
        <media-preview-thumbnail>
          <template shadowrootmode="${Wa.shadowRootOptions.mode}">
            ${Wa.getTemplateHTML({})}
          </template>
        </media-preview-thumbnail>
        <media-preview-chapter-display></media-preview-chapter-display>
        <media-preview-time-display></media-preview-time-display>
        <slot name="preview-arrow"><div part="arrow"></div></slot>
      </slot>
    </div>
    <div id="current-rail">
      <slot name="current" part="box current-box">
        
      </slot>
    </div>
  `}var Rr=(t,e=t.mediaCurrentTime)=>{let i=Number.isFinite(t.mediaSeekableStart)?t.mediaSeekableStart:0,r=Number.isFinite(t.mediaDuration)?t.mediaDuration:t.mediaSeekableEnd;if(Number.isNaN(r))return 0;let a=(e-i)/(r-i);return Math.max(0,Math.min(a,1))},hn=(t,e=t.range.valueAsNumber)=>{let i=Number.isFinite(t.mediaSeekableStart)?t.mediaSeekableStart:0,r=Number.isFinite(t.mediaDuration)?t.mediaDuration:t.mediaSeekableEnd;return Number.isNaN(r)?0:e*(r-i)+i},pi=class extends Te{constructor(){super(),G(this,Ga),G(this,Or),G(this,Ur),G(this,Pr),G(this,Ya),G(this,mi),G(this,Qa),G(this,xt,null),G(this,Ve,void 0),G(this,Cr,void 0),G(this,ci,void 0),G(this,xr,void 0),G(this,Dr,void 0),G(this,ui,void 0),G(this,hi,void 0),G(this,Ot,void 0),G(this,Ut,void 0),G(this,di,()=>{le(this,Ga,dn).call(this)?U(this,Ve).start():U(this,Ve).stop()}),G(this,qa,r=>{this.dragging||(Tt(r)&&(this.range.valueAsNumber=r),U(this,Ut)||this.updateBar())}),this.shadowRoot.querySelector("#track").insertAdjacentHTML("afterbegin",'<div id="buffered" part="buffered"></div>'),ne(this,Cr,this.shadowRoot.querySelectorAll('[part~="box"]')),ne(this,xr,this.shadowRoot.querySelector('[part~="preview-box"]')),ne(this,Dr,this.shadowRoot.querySelector('[part~="current-box"]'));let i=getComputedStyle(this);ne(this,ui,parseInt(i.getPropertyValue("--media-box-padding-left"))),ne(this,hi,parseInt(i.getPropertyValue("--media-box-padding-right"))),ne(this,Ve,new Lr(this.range,U(this,qa),60))}static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_PAUSED,o.MEDIA_DURATION,o.MEDIA_SEEKABLE,o.MEDIA_CURRENT_TIME,o.MEDIA_PREVIEW_IMAGE,o.MEDIA_PREVIEW_TIME,o.MEDIA_PREVIEW_CHAPTER,o.MEDIA_BUFFERED,o.MEDIA_PLAYBACK_RATE,o.MEDIA_LOADING,o.MEDIA_ENDED]}connectedCallback(){var e;super.connectedCallback(),this.range.setAttribute("aria-label",v("seek")),U(this,di).call(this),ne(this,xt,this.getRootNode()),(e=U(this,xt))==null||e.addEventListener("transitionstart",this)}disconnectedCallback(){var e;super.disconnectedCallback(),U(this,Ve).stop(),(e=U(this,xt))==null||e.removeEventListener("transitionstart",this),ne(this,xt,null)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),i!=r&&(e===o.MEDIA_CURRENT_TIME||e===o.MEDIA_PAUSED||e===o.MEDIA_ENDED||e===o.MEDIA_LOADING||e===o.MEDIA_DURATION||e===o.MEDIA_SEEKABLE?(U(this,Ve).update({start:Rr(this),duration:this.mediaSeekableEnd-this.mediaSeekableStart,playbackRate:this.mediaPlaybackRate}),U(this,di).call(this),ld(this)):e===o.MEDIA_BUFFERED&&this.updateBufferedBar(),(e===o.MEDIA_DURATION||e===o.MEDIA_SEEKABLE)&&(this.mediaChaptersCues=U(this,Ot),this.updateBar()))}get mediaChaptersCues(){return U(this,Ot)}set mediaChaptersCues(e){var i;ne(this,Ot,e),this.updateSegments((i=U(this,Ot))==null?void 0:i.map(r=>({start:Rr(this,r.startTime),end:Rr(this,r.endTime)})))}get mediaPaused(){return b(this,o.MEDIA_PAUSED)}set mediaPaused(e){A(this,o.MEDIA_PAUSED,e)}get mediaLoading(){return b(this,o.MEDIA_LOADING)}set mediaLoading(e){A(this,o.MEDIA_LOADING,e)}get mediaDuration(){return x(this,o.MEDIA_DURATION)}set mediaDuration(e){H(this,o.MEDIA_DURATION,e)}get mediaCurrentTime(){return x(this,o.MEDIA_CURRENT_TIME)}set mediaCurrentTime(e){H(this,o.MEDIA_CURRENT_TIME,e)}get mediaPlaybackRate(){return x(this,o.MEDIA_PLAYBACK_RATE,1)}set mediaPlaybackRate(e){H(this,o.MEDIA_PLAYBACK_RATE,e)}get mediaBuffered(){let e=this.getAttribute(o.MEDIA_BUFFERED);return e?e.split(" ").map(i=>i.split(":").map(r=>+r)):[]}set mediaBuffered(e){if(!e){this.removeAttribute(o.MEDIA_BUFFERED);return}let i=e.map(r=>r.join(":")).join(" ");this.setAttribute(o.MEDIA_BUFFERED,i)}get mediaSeekable(){let e=this.getAttribute(o.MEDIA_SEEKABLE);if(e)return e.split(":").map(i=>+i)}set mediaSeekable(e){if(e==null){this.removeAttribute(o.MEDIA_SEEKABLE);return}this.setAttribute(o.MEDIA_SEEKABLE,e.join(":"))}get mediaSeekableEnd(){var e;let[,i=this.mediaDuration]=(e=this.mediaSeekable)!=null?e:[];return i}get mediaSeekableStart(){var e;let[i=0]=(e=this.mediaSeekable)!=null?e:[];return i}get mediaPreviewImage(){return R(this,o.MEDIA_PREVIEW_IMAGE)}set mediaPreviewImage(e){L(this,o.MEDIA_PREVIEW_IMAGE,e)}get mediaPreviewTime(){return x(this,o.MEDIA_PREVIEW_TIME)}set mediaPreviewTime(e){H(this,o.MEDIA_PREVIEW_TIME,e)}get mediaEnded(){return b(this,o.MEDIA_ENDED)}set mediaEnded(e){A(this,o.MEDIA_ENDED,e)}updateBar(){super.updateBar(),this.updateBufferedBar(),this.updateCurrentBox()}updateBufferedBar(){var e;let i=this.mediaBuffered;if(!i.length)return;let r;if(this.mediaEnded)r=1;else{let s=this.mediaCurrentTime,[,n=this.mediaSeekableStart]=(e=i.find(([l,c])=>l<=s&&s<=c))!=null?e:[];r=Rr(this,n)}let{style:a}=C(this.shadowRoot,"#buffered");a.setProperty("width",`${r*100}%`)}updateCurrentBox(){if(!this.shadowRoot.querySelector('slot[name="current"]').assignedElements().length)return;let i=C(this.shadowRoot,"#current-rail"),r=C(this.shadowRoot,'[part~="current-box"]'),a=le(this,Or,Za).call(this,U(this,Dr)),s=le(this,Ur,Xa).call(this,a,this.range.valueAsNumber),n=le(this,Pr,Ja).call(this,a,this.range.valueAsNumber);i.style.transform=`translateX(${s})`,i.style.setProperty("--_range-width",`${a.range.width}`),r.style.setProperty("--_box-shift",`${n}`),r.style.setProperty("--_box-width",`${a.box.width}px`),r.style.setProperty("visibility","initial")}handleEvent(e){switch(super.handleEvent(e),e.type){case"input":le(this,Qa,un).call(this);break;case"pointermove":le(this,Ya,cn).call(this,e);break;case"pointerup":U(this,Ut)&&ne(this,Ut,!1);break;case"pointerdown":ne(this,Ut,!0);break;case"pointerleave":le(this,mi,Nr).call(this,null);break;case"transitionstart":fe(e.target,this)&&setTimeout(()=>U(this,di).call(this),0);break}}};xt=new WeakMap;Ve=new WeakMap;Cr=new WeakMap;ci=new WeakMap;xr=new WeakMap;Dr=new WeakMap;ui=new WeakMap;hi=new WeakMap;Ot=new WeakMap;Ut=new WeakMap;di=new WeakMap;Ga=new WeakSet;dn=function(){return this.isConnected&&!this.mediaPaused&&!this.mediaLoading&&!this.mediaEnded&&this.mediaSeekableEnd>0&&Ui(this)};qa=new WeakMap;Or=new WeakSet;Za=function(t){var e;let r=((e=this.getAttribute("bounds")?Oe(this,`#${this.getAttribute("bounds")}`):this.parentElement)!=null?e:this).getBoundingClientRect(),a=this.range.getBoundingClientRect(),s=t.offsetWidth,n=-(a.left-r.left-s/2),l=r.right-a.left-s/2;return{box:{width:s,min:n,max:l},bounds:r,range:a}};Ur=new WeakSet;Xa=function(t,e){let i=`${e*100}%`,{width:r,min:a,max:s}=t.box;if(!r)return i;if(Number.isNaN(a)||(i=`max(${`calc(1 / var(--_range-width) * 100 * ${a}% + var(--media-box-padding-left))`}, ${i})`),!Number.isNaN(s)){let l=`calc(1 / var(--_range-width) * 100 * ${s}% - var(--media-box-padding-right))`;i=`min(${i}, ${l})`}return i};Pr=new WeakSet;Ja=function(t,e){let{width:i,min:r,max:a}=t.box,s=e*t.range.width;if(s<r+U(this,ui)){let n=t.range.left-t.bounds.left-U(this,ui);return`${s-i/2+n}px`}if(s>a-U(this,hi)){let n=t.bounds.right-t.range.right-U(this,hi);return`${s+i/2-n-t.range.width}px`}return 0};Ya=new WeakSet;cn=function(t){let e=[...U(this,Cr)].some(S=>t.composedPath().includes(S));if(!this.dragging&&(e||!t.composedPath().includes(this))){le(this,mi,Nr).call(this,null);return}let i=this.mediaSeekableEnd;if(!i)return;let r=C(this.shadowRoot,"#preview-rail"),a=C(this.shadowRoot,'[part~="preview-box"]'),s=le(this,Or,Za).call(this,U(this,xr)),n=(t.clientX-s.range.left)/s.range.width;n=Math.max(0,Math.min(1,n));let l=le(this,Ur,Xa).call(this,s,n),c=le(this,Pr,Ja).call(this,s,n);r.style.transform=`translateX(${l})`,r.style.setProperty("--_range-width",`${s.range.width}`),a.style.setProperty("--_box-shift",`${c}`),a.style.setProperty("--_box-width",`${s.box.width}px`);let _=Math.round(U(this,ci))-Math.round(n*i);Math.abs(_)<1&&n>.01&&n<.99||(ne(this,ci,n*i),le(this,mi,Nr).call(this,U(this,ci)))};mi=new WeakSet;Nr=function(t){this.dispatchEvent(new d.CustomEvent(h.MEDIA_PREVIEW_REQUEST,{composed:!0,bubbles:!0,detail:t}))};Qa=new WeakSet;un=function(){U(this,Ve).stop();let t=hn(this);this.dispatchEvent(new d.CustomEvent(h.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:t}))};pi.shadowRootOptions={mode:"open"};pi.getContainerTemplateHTML=dd;d.customElements.get("media-time-range")||d.customElements.define("media-time-range",pi);var ts=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Ee=(t,e,i)=>(ts(t,e,"read from private field"),i?i.call(t):e.get(t)),nt=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},is=(t,e,i,r)=>(ts(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),Ge=(t,e,i)=>(ts(t,e,"access private method"),i),Pt,ke,Wr,rs,pn,$r,as,vi,Hr,Fr,ja,Ke={REMAINING:"remaining",SHOW_DURATION:"showduration",NO_TOGGLE:"notoggle"},mn=[...Object.values(Ke),o.MEDIA_CURRENT_TIME,o.MEDIA_DURATION,o.MEDIA_SEEKABLE],vn=["Enter"," "],cd="&nbsp;/&nbsp;",es=(t,{timesSep:e=cd}={})=>{var i,r;let a=(i=t.mediaCurrentTime)!=null?i:0,[,s]=(r=t.mediaSeekable)!=null?r:[],n=0;Number.isFinite(t.mediaDuration)?n=t.mediaDuration:Number.isFinite(s)&&(n=s);let l=t.remaining?st(0-(n-a)):st(a);return t.showDuration?`${l}${e}${st(n)}`:l},ud=t=>{var e;let i=t.mediaCurrentTime,[,r]=(e=t.mediaSeekable)!=null?e:[],a=null;if(Number.isFinite(t.mediaDuration)?a=t.mediaDuration:Number.isFinite(r)&&(a=r),i==null||a===null){t.setAttribute("aria-description",v("video not loaded, unknown time."));return}let s=t.remaining?at(0-(a-i)):at(i);if(!t.showDuration){t.setAttribute("aria-description",s);return}let n=at(a),l=v("{currentTime} of {totalTime}",{currentTime:s,totalTime:n});t.setAttribute("aria-description",l)};function hd(t,e){return`
    <slot>${es(e)}</slot>
  `}var md=t=>{t.setAttribute("aria-label",v("playback time"))},Br=class extends oe{constructor(){super(),nt(this,rs),nt(this,$r),nt(this,vi),nt(this,Fr),nt(this,Pt,void 0),nt(this,ke,null),nt(this,Wr,e=>{let{metaKey:i,altKey:r,key:a}=e;if(i||r||!vn.includes(a)){this.removeEventListener("keyup",Ee(this,ke));return}this.addEventListener("keyup",Ee(this,ke))}),is(this,Pt,this.shadowRoot.querySelector("slot")),Ee(this,Pt).innerHTML=`${es(this)}`}static get observedAttributes(){return[...super.observedAttributes,...mn,"disabled"]}connectedCallback(){let{style:e}=C(this.shadowRoot,":host(:hover:not([notoggle]))");e.setProperty("cursor","var(--media-cursor, pointer)"),e.setProperty("background","var(--media-control-hover-background, rgba(50 50 70 / .7))"),this.setAttribute("aria-label",v("playback time")),Ge(this,vi,Hr).call(this),super.connectedCallback()}toggleTimeDisplay(){this.noToggle||(this.hasAttribute("remaining")?this.removeAttribute("remaining"):this.setAttribute("remaining",""))}disconnectedCallback(){this.disable(),Ge(this,$r,as).call(this),super.disconnectedCallback()}attributeChangedCallback(e,i,r){md(this),mn.includes(e)?this.update():e==="disabled"&&r!==i?r==null?Ge(this,vi,Hr).call(this):Ge(this,Fr,ja).call(this):e===Ke.NO_TOGGLE&&r!==i&&(this.noToggle?Ge(this,Fr,ja).call(this):Ge(this,vi,Hr).call(this)),super.attributeChangedCallback(e,i,r)}enable(){this.noToggle||(this.tabIndex=0)}disable(){this.tabIndex=-1}get remaining(){return b(this,Ke.REMAINING)}set remaining(e){A(this,Ke.REMAINING,e)}get showDuration(){return b(this,Ke.SHOW_DURATION)}set showDuration(e){A(this,Ke.SHOW_DURATION,e)}get noToggle(){return b(this,Ke.NO_TOGGLE)}set noToggle(e){A(this,Ke.NO_TOGGLE,e)}get mediaDuration(){return x(this,o.MEDIA_DURATION)}set mediaDuration(e){H(this,o.MEDIA_DURATION,e)}get mediaCurrentTime(){return x(this,o.MEDIA_CURRENT_TIME)}set mediaCurrentTime(e){H(this,o.MEDIA_CURRENT_TIME,e)}get mediaSeekable(){let e=this.getAttribute(o.MEDIA_SEEKABLE);if(e)return e.split(":").map(i=>+i)}set mediaSeekable(e){if(e==null){this.removeAttribute(o.MEDIA_SEEKABLE);return}this.setAttribute(o.MEDIA_SEEKABLE,e.join(":"))}update(){let e=es(this);ud(this),e!==Ee(this,Pt).innerHTML&&(Ee(this,Pt).innerHTML=e)}};Pt=new WeakMap;ke=new WeakMap;Wr=new WeakMap;rs=new WeakSet;pn=function(){Ee(this,ke)||(is(this,ke,t=>{let{key:e}=t;if(!vn.includes(e)){this.removeEventListener("keyup",Ee(this,ke));return}this.toggleTimeDisplay()}),this.addEventListener("keydown",Ee(this,Wr)),this.addEventListener("click",this.toggleTimeDisplay))};$r=new WeakSet;as=function(){Ee(this,ke)&&(this.removeEventListener("keyup",Ee(this,ke)),this.removeEventListener("keydown",Ee(this,Wr)),this.removeEventListener("click",this.toggleTimeDisplay),is(this,ke,null))};vi=new WeakSet;Hr=function(){!this.noToggle&&!this.hasAttribute("disabled")&&(this.setAttribute("role","button"),this.enable(),Ge(this,rs,pn).call(this))};Fr=new WeakSet;ja=function(){this.removeAttribute("role"),this.disable(),Ge(this,$r,as).call(this)};Br.getSlotTemplateHTML=hd;d.customElements.get("media-time-display")||d.customElements.define("media-time-display",Br);var Nt={SEEK_OFFSET:"seekoffset"},ss=30,pd=t=>`
  <svg aria-hidden="true" viewBox="0 0 20 24">
    <defs>
      <style>.text{font-size:8px;font-family:Arial-BoldMT, Arial;font-weight:700;}</style>
    </defs>
    <text class="text value" transform="translate(2.18 19.87)">${t}</text>
    <path d="M10 6V3L4.37 7 10 10.94V8a5.54 5.54 0 0 1 1.9 10.48v2.12A7.5 7.5 0 0 0 10 6Z"/>
  </svg>`;function vd(t,e){return`
    <slot name="icon">${pd(e.seekOffset)}</slot>
  `}var Ed=(t,e)=>{t.setAttribute("aria-label",v("seek back {seekOffset} seconds",{seekOffset:e}))};function fd(){return v("Seek backward")}var gd=0,Ei=class extends O{static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_CURRENT_TIME,Nt.SEEK_OFFSET]}connectedCallback(){super.connectedCallback(),this.seekOffset=x(this,Nt.SEEK_OFFSET,ss)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),Ed(this,this.seekOffset),e===Nt.SEEK_OFFSET&&(this.seekOffset=x(this,Nt.SEEK_OFFSET,ss))}get seekOffset(){return x(this,Nt.SEEK_OFFSET,ss)}set seekOffset(e){H(this,Nt.SEEK_OFFSET,e),this.setAttribute("aria-label",v("seek back {seekOffset} seconds",{seekOffset:this.seekOffset})),xi(Oi(this,"icon"),this.seekOffset)}get mediaCurrentTime(){return x(this,o.MEDIA_CURRENT_TIME,gd)}set mediaCurrentTime(e){H(this,o.MEDIA_CURRENT_TIME,e)}handleClick(){let e=Math.max(this.mediaCurrentTime-this.seekOffset,0),i=new d.CustomEvent(h.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:e});this.dispatchEvent(i)}};Ei.getSlotTemplateHTML=vd;Ei.getTooltipContentHTML=fd;d.customElements.get("media-seek-backward-button")||d.customElements.define("media-seek-backward-button",Ei);var Ht={SEEK_OFFSET:"seekoffset"},os=30,_d=t=>`
  <svg aria-hidden="true" viewBox="0 0 20 24">
    <defs>
      <style>.text{font-size:8px;font-family:Arial-BoldMT, Arial;font-weight:700;}</style>
    </defs>
    <text class="text value" transform="translate(8.9 19.87)">${t}</text>
    <path d="M10 6V3l5.61 4L10 10.94V8a5.54 5.54 0 0 0-1.9 10.48v2.12A7.5 7.5 0 0 1 10 6Z"/>
  </svg>`;function bd(t,e){return`
    <slot name="icon">${_d(e.seekOffset)}</slot>
  `}var Ad=(t,e)=>{t.setAttribute("aria-label",v("seek forward {seekOffset} seconds",{seekOffset:e}))};function Td(){return v("Seek forward")}var Sd=0,fi=class extends O{static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_CURRENT_TIME,Ht.SEEK_OFFSET]}connectedCallback(){super.connectedCallback(),this.seekOffset=x(this,Ht.SEEK_OFFSET,os)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),Ad(this,this.seekOffset),e===Ht.SEEK_OFFSET&&(this.seekOffset=x(this,Ht.SEEK_OFFSET,os))}get seekOffset(){return x(this,Ht.SEEK_OFFSET,os)}set seekOffset(e){H(this,Ht.SEEK_OFFSET,e),this.setAttribute("aria-label",v("seek forward {seekOffset} seconds",{seekOffset:this.seekOffset})),xi(Oi(this,"icon"),this.seekOffset)}get mediaCurrentTime(){return x(this,o.MEDIA_CURRENT_TIME,Sd)}set mediaCurrentTime(e){H(this,o.MEDIA_CURRENT_TIME,e)}handleClick(){let e=this.mediaCurrentTime+this.seekOffset,i=new d.CustomEvent(h.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:e});this.dispatchEvent(i)}};fi.getSlotTemplateHTML=bd;fi.getTooltipContentHTML=Td;d.customElements.get("media-seek-forward-button")||d.customElements.define("media-seek-forward-button",fi);var Id=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M22.83 5.68a2.58 2.58 0 0 0-2.3-2.5c-3.62-.24-11.44-.24-15.06 0a2.58 2.58 0 0 0-2.3 2.5c-.23 4.21-.23 8.43 0 12.64a2.58 2.58 0 0 0 2.3 2.5c3.62.24 11.44.24 15.06 0a2.58 2.58 0 0 0 2.3-2.5c.23-4.21.23-8.43 0-12.64Zm-11.39 9.45a3.07 3.07 0 0 1-1.91.57 3.06 3.06 0 0 1-2.34-1 3.75 3.75 0 0 1-.92-2.67 3.92 3.92 0 0 1 .92-2.77 3.18 3.18 0 0 1 2.43-1 2.94 2.94 0 0 1 2.13.78c.364.359.62.813.74 1.31l-1.43.35a1.49 1.49 0 0 0-1.51-1.17 1.61 1.61 0 0 0-1.29.58 2.79 2.79 0 0 0-.5 1.89 3 3 0 0 0 .49 1.93 1.61 1.61 0 0 0 1.27.58 1.48 1.48 0 0 0 1-.37 2.1 2.1 0 0 0 .59-1.14l1.4.44a3.23 3.23 0 0 1-1.07 1.69Zm7.22 0a3.07 3.07 0 0 1-1.91.57 3.06 3.06 0 0 1-2.34-1 3.75 3.75 0 0 1-.92-2.67 3.88 3.88 0 0 1 .93-2.77 3.14 3.14 0 0 1 2.42-1 3 3 0 0 1 2.16.82 2.8 2.8 0 0 1 .73 1.31l-1.43.35a1.49 1.49 0 0 0-1.51-1.21 1.61 1.61 0 0 0-1.29.58A2.79 2.79 0 0 0 15 12a3 3 0 0 0 .49 1.93 1.61 1.61 0 0 0 1.27.58 1.44 1.44 0 0 0 1-.37 2.1 2.1 0 0 0 .6-1.15l1.4.44a3.17 3.17 0 0 1-1.1 1.7Z"/>
</svg>`,yd=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M17.73 14.09a1.4 1.4 0 0 1-1 .37 1.579 1.579 0 0 1-1.27-.58A3 3 0 0 1 15 12a2.8 2.8 0 0 1 .5-1.85 1.63 1.63 0 0 1 1.29-.57 1.47 1.47 0 0 1 1.51 1.2l1.43-.34A2.89 2.89 0 0 0 19 9.07a3 3 0 0 0-2.14-.78 3.14 3.14 0 0 0-2.42 1 3.91 3.91 0 0 0-.93 2.78 3.74 3.74 0 0 0 .92 2.66 3.07 3.07 0 0 0 2.34 1 3.07 3.07 0 0 0 1.91-.57 3.17 3.17 0 0 0 1.07-1.74l-1.4-.45c-.083.43-.3.822-.62 1.12Zm-7.22 0a1.43 1.43 0 0 1-1 .37 1.58 1.58 0 0 1-1.27-.58A3 3 0 0 1 7.76 12a2.8 2.8 0 0 1 .5-1.85 1.63 1.63 0 0 1 1.29-.57 1.47 1.47 0 0 1 1.51 1.2l1.43-.34a2.81 2.81 0 0 0-.74-1.32 2.94 2.94 0 0 0-2.13-.78 3.18 3.18 0 0 0-2.43 1 4 4 0 0 0-.92 2.78 3.74 3.74 0 0 0 .92 2.66 3.07 3.07 0 0 0 2.34 1 3.07 3.07 0 0 0 1.91-.57 3.23 3.23 0 0 0 1.07-1.74l-1.4-.45a2.06 2.06 0 0 1-.6 1.07Zm12.32-8.41a2.59 2.59 0 0 0-2.3-2.51C18.72 3.05 15.86 3 13 3c-2.86 0-5.72.05-7.53.17a2.59 2.59 0 0 0-2.3 2.51c-.23 4.207-.23 8.423 0 12.63a2.57 2.57 0 0 0 2.3 2.5c1.81.13 4.67.19 7.53.19 2.86 0 5.72-.06 7.53-.19a2.57 2.57 0 0 0 2.3-2.5c.23-4.207.23-8.423 0-12.63Zm-1.49 12.53a1.11 1.11 0 0 1-.91 1.11c-1.67.11-4.45.18-7.43.18-2.98 0-5.76-.07-7.43-.18a1.11 1.11 0 0 1-.91-1.11c-.21-4.14-.21-8.29 0-12.43a1.11 1.11 0 0 1 .91-1.11C7.24 4.56 10 4.49 13 4.49s5.76.07 7.43.18a1.11 1.11 0 0 1 .91 1.11c.21 4.14.21 8.29 0 12.43Z"/>
</svg>`;function kd(t){return`
    <style>
      :host([aria-checked="true"]) slot[name=off] {
        display: none !important;
      }

      
      :host(:not([aria-checked="true"])) slot[name=on] {
        display: none !important;
      }

      :host([aria-checked="true"]) slot[name=tooltip-enable],
      :host(:not([aria-checked="true"])) slot[name=tooltip-disable] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="on">${Id}</slot>
      <slot name="off">${yd}</slot>
    </slot>
  `}function wd(){return`
    <slot name="tooltip-enable">${v("Enable captions")}</slot>
    <slot name="tooltip-disable">${v("Disable captions")}</slot>
  `}var En=t=>{t.setAttribute("aria-checked",go(t).toString())},gi=class extends O{static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_SUBTITLES_LIST,o.MEDIA_SUBTITLES_SHOWING]}connectedCallback(){super.connectedCallback(),this.setAttribute("role","button"),this.setAttribute("aria-label",v("closed captions")),En(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===o.MEDIA_SUBTITLES_SHOWING&&En(this)}get mediaSubtitlesList(){return fn(this,o.MEDIA_SUBTITLES_LIST)}set mediaSubtitlesList(e){gn(this,o.MEDIA_SUBTITLES_LIST,e)}get mediaSubtitlesShowing(){return fn(this,o.MEDIA_SUBTITLES_SHOWING)}set mediaSubtitlesShowing(e){gn(this,o.MEDIA_SUBTITLES_SHOWING,e)}handleClick(){this.dispatchEvent(new d.CustomEvent(h.MEDIA_TOGGLE_SUBTITLES_REQUEST,{composed:!0,bubbles:!0}))}};gi.getSlotTemplateHTML=kd;gi.getTooltipContentHTML=wd;var fn=(t,e)=>{let i=t.getAttribute(e);return i?Ea(i):[]},gn=(t,e,i)=>{if(!i?.length){t.removeAttribute(e);return}let r=Jt(i);t.getAttribute(e)!==r&&t.setAttribute(e,r)};d.customElements.get("media-captions-button")||d.customElements.define("media-captions-button",gi);var _n=`<svg aria-hidden="true" viewBox="0 0 28 24">
  <path d="M24 3H4a1 1 0 0 0-1 1v16a1 1 0 0 0 1 1h20a1 1 0 0 0 1-1V4a1 1 0 0 0-1-1Zm-1 16H5V5h18v14Zm-3-8h-7v5h7v-5Z"/>
</svg>`;function Md(t){return`
    <style>
      :host([${o.MEDIA_IS_PIP}]) slot[name=icon] slot:not([name=exit]) {
        display: none !important;
      }

      :host(:not([${o.MEDIA_IS_PIP}])) slot[name=icon] slot:not([name=enter]) {
        display: none !important;
      }

      :host([${o.MEDIA_IS_PIP}]) slot[name=tooltip-enter],
      :host(:not([${o.MEDIA_IS_PIP}])) slot[name=tooltip-exit] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="enter">${_n}</slot>
      <slot name="exit">${_n}</slot>
    </slot>
  `}function Ld(){return`
    <slot name="tooltip-enter">${v("Enter picture in picture mode")}</slot>
    <slot name="tooltip-exit">${v("Exit picture in picture mode")}</slot>
  `}var bn=t=>{let e=t.mediaIsPip?v("exit picture in picture mode"):v("enter picture in picture mode");t.setAttribute("aria-label",e)},_i=class extends O{static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_IS_PIP,o.MEDIA_PIP_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),bn(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===o.MEDIA_IS_PIP&&bn(this)}get mediaPipUnavailable(){return R(this,o.MEDIA_PIP_UNAVAILABLE)}set mediaPipUnavailable(e){L(this,o.MEDIA_PIP_UNAVAILABLE,e)}get mediaIsPip(){return b(this,o.MEDIA_IS_PIP)}set mediaIsPip(e){A(this,o.MEDIA_IS_PIP,e)}handleClick(){let e=this.mediaIsPip?h.MEDIA_EXIT_PIP_REQUEST:h.MEDIA_ENTER_PIP_REQUEST;this.dispatchEvent(new d.CustomEvent(e,{composed:!0,bubbles:!0}))}};_i.getSlotTemplateHTML=Md;_i.getTooltipContentHTML=Ld;d.customElements.get("media-pip-button")||d.customElements.define("media-pip-button",_i);var An=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M22.13 3H3.87a.87.87 0 0 0-.87.87v13.26a.87.87 0 0 0 .87.87h3.4L9 16H5V5h16v11h-4l1.72 2h3.4a.87.87 0 0 0 .87-.87V3.87a.87.87 0 0 0-.86-.87Zm-8.75 11.44a.5.5 0 0 0-.76 0l-4.91 5.73a.5.5 0 0 0 .38.83h9.82a.501.501 0 0 0 .38-.83l-4.91-5.73Z"/>
</svg>
`;function Rd(t){return`
    <style>
      :host([${o.MEDIA_IS_AIRPLAYING}]) slot[name=icon] slot:not([name=exit]) {
        display: none !important;
      }

      
      :host(:not([${o.MEDIA_IS_AIRPLAYING}])) slot[name=icon] slot:not([name=enter]) {
        display: none !important;
      }

      :host([${o.MEDIA_IS_AIRPLAYING}]) slot[name=tooltip-enter],
      :host(:not([${o.MEDIA_IS_AIRPLAYING}])) slot[name=tooltip-exit] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="enter">${An}</slot>
      <slot name="exit">${An}</slot>
    </slot>
  `}function Dd(){return`
    <slot name="tooltip-enter">${v("start airplay")}</slot>
    <slot name="tooltip-exit">${v("stop airplay")}</slot>
  `}var Tn=t=>{let e=t.mediaIsAirplaying?v("stop airplay"):v("start airplay");t.setAttribute("aria-label",e)},bi=class extends O{static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_IS_AIRPLAYING,o.MEDIA_AIRPLAY_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),Tn(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===o.MEDIA_IS_AIRPLAYING&&Tn(this)}get mediaIsAirplaying(){return b(this,o.MEDIA_IS_AIRPLAYING)}set mediaIsAirplaying(e){A(this,o.MEDIA_IS_AIRPLAYING,e)}get mediaAirplayUnavailable(){return R(this,o.MEDIA_AIRPLAY_UNAVAILABLE)}set mediaAirplayUnavailable(e){L(this,o.MEDIA_AIRPLAY_UNAVAILABLE,e)}handleClick(){let e=new d.CustomEvent(h.MEDIA_AIRPLAY_REQUEST,{composed:!0,bubbles:!0});this.dispatchEvent(e)}};bi.getSlotTemplateHTML=Rd;bi.getTooltipContentHTML=Dd;d.customElements.get("media-airplay-button")||d.customElements.define("media-airplay-button",bi);var Cd='<svg aria-hidden="true" viewBox="0 0 24 24"><g><path class="cast_caf_icon_arch0" d="M1,18 L1,21 L4,21 C4,19.3 2.66,18 1,18 L1,18 Z"/><path class="cast_caf_icon_arch1" d="M1,14 L1,16 C3.76,16 6,18.2 6,21 L8,21 C8,17.13 4.87,14 1,14 L1,14 Z"/><path class="cast_caf_icon_arch2" d="M1,10 L1,12 C5.97,12 10,16.0 10,21 L12,21 C12,14.92 7.07,10 1,10 L1,10 Z"/><path class="cast_caf_icon_box" d="M21,3 L3,3 C1.9,3 1,3.9 1,5 L1,8 L3,8 L3,5 L21,5 L21,19 L14,19 L14,21 L21,21 C22.1,21 23,20.1 23,19 L23,5 C23,3.9 22.1,3 21,3 L21,3 Z"/></g></svg>',xd='<svg aria-hidden="true" viewBox="0 0 24 24"><g><path class="cast_caf_icon_arch0" d="M1,18 L1,21 L4,21 C4,19.3 2.66,18 1,18 L1,18 Z"/><path class="cast_caf_icon_arch1" d="M1,14 L1,16 C3.76,16 6,18.2 6,21 L8,21 C8,17.13 4.87,14 1,14 L1,14 Z"/><path class="cast_caf_icon_arch2" d="M1,10 L1,12 C5.97,12 10,16.0 10,21 L12,21 C12,14.92 7.07,10 1,10 L1,10 Z"/><path class="cast_caf_icon_box" d="M21,3 L3,3 C1.9,3 1,3.9 1,5 L1,8 L3,8 L3,5 L21,5 L21,19 L14,19 L14,21 L21,21 C22.1,21 23,20.1 23,19 L23,5 C23,3.9 22.1,3 21,3 L21,3 Z"/><path class="cast_caf_icon_boxfill" d="M5,7 L5,8.63 C8,8.6 13.37,14 13.37,17 L19,17 L19,7 Z"/></g></svg>';function Od(t){return`
    <style>
      :host([${o.MEDIA_IS_CASTING}]) slot[name=icon] slot:not([name=exit]) {
        display: none !important;
      }

      
      :host(:not([${o.MEDIA_IS_CASTING}])) slot[name=icon] slot:not([name=enter]) {
        display: none !important;
      }

      :host([${o.MEDIA_IS_CASTING}]) slot[name=tooltip-enter],
      :host(:not([${o.MEDIA_IS_CASTING}])) slot[name=tooltip-exit] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="enter">${Cd}</slot>
      <slot name="exit">${xd}</slot>
    </slot>
  `}function Ud(){return`
    <slot name="tooltip-enter">${v("Start casting")}</slot>
    <slot name="tooltip-exit">${v("Stop casting")}</slot>
  `}var Sn=t=>{let e=t.mediaIsCasting?v("stop casting"):v("start casting");t.setAttribute("aria-label",e)},Ai=class extends O{static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_IS_CASTING,o.MEDIA_CAST_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),Sn(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===o.MEDIA_IS_CASTING&&Sn(this)}get mediaIsCasting(){return b(this,o.MEDIA_IS_CASTING)}set mediaIsCasting(e){A(this,o.MEDIA_IS_CASTING,e)}get mediaCastUnavailable(){return R(this,o.MEDIA_CAST_UNAVAILABLE)}set mediaCastUnavailable(e){L(this,o.MEDIA_CAST_UNAVAILABLE,e)}handleClick(){let e=this.mediaIsCasting?h.MEDIA_EXIT_CAST_REQUEST:h.MEDIA_ENTER_CAST_REQUEST;this.dispatchEvent(new d.CustomEvent(e,{composed:!0,bubbles:!0}))}};Ai.getSlotTemplateHTML=Od;Ai.getTooltipContentHTML=Ud;d.customElements.get("media-cast-button")||d.customElements.define("media-cast-button",Ai);var yn=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Pd=(t,e,i)=>(yn(t,e,"read from private field"),i?i.call(t):e.get(t)),Nd=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Hd=(t,e,i,r)=>(yn(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),Vr,Fd=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M16 3v2.5h3.5V9H22V3h-6ZM4 9h2.5V5.5H10V3H4v6Zm15.5 9.5H16V21h6v-6h-2.5v3.5ZM6.5 15H4v6h6v-2.5H6.5V15Z"/>
</svg>`,$d=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M18.5 6.5V3H16v6h6V6.5h-3.5ZM16 21h2.5v-3.5H22V15h-6v6ZM4 17.5h3.5V21H10v-6H4v2.5Zm3.5-11H4V9h6V3H7.5v3.5Z"/>
</svg>`;function Bd(t){return`
    <style>
      :host([${o.MEDIA_IS_FULLSCREEN}]) slot[name=icon] slot:not([name=exit]) {
        display: none !important;
      }

      
      :host(:not([${o.MEDIA_IS_FULLSCREEN}])) slot[name=icon] slot:not([name=enter]) {
        display: none !important;
      }

      :host([${o.MEDIA_IS_FULLSCREEN}]) slot[name=tooltip-enter],
      :host(:not([${o.MEDIA_IS_FULLSCREEN}])) slot[name=tooltip-exit] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="enter">${Fd}</slot>
      <slot name="exit">${$d}</slot>
    </slot>
  `}function Wd(){return`
    <slot name="tooltip-enter">${v("Enter fullscreen mode")}</slot>
    <slot name="tooltip-exit">${v("Exit fullscreen mode")}</slot>
  `}var In=t=>{let e=t.mediaIsFullscreen?v("exit fullscreen mode"):v("enter fullscreen mode");t.setAttribute("aria-label",e)},Ti=class extends O{constructor(){super(...arguments),Nd(this,Vr,null)}static get observedAttributes(){return[...super.observedAttributes,o.MEDIA_IS_FULLSCREEN,o.MEDIA_FULLSCREEN_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),In(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===o.MEDIA_IS_FULLSCREEN&&In(this)}get mediaFullscreenUnavailable(){return R(this,o.MEDIA_FULLSCREEN_UNAVAILABLE)}set mediaFullscreenUnavailable(e){L(this,o.MEDIA_FULLSCREEN_UNAVAILABLE,e)}get mediaIsFullscreen(){return b(this,o.MEDIA_IS_FULLSCREEN)}set mediaIsFullscreen(e){A(this,o.MEDIA_IS_FULLSCREEN,e)}handleClick(e){Hd(this,Vr,e);let i=Pd(this,Vr)instanceof PointerEvent,r=this.mediaIsFullscreen?new d.CustomEvent(h.MEDIA_EXIT_FULLSCREEN_REQUEST,{composed:!0,bubbles:!0}):new d.CustomEvent(h.MEDIA_ENTER_FULLSCREEN_REQUEST,{composed:!0,bubbles:!0,detail:i});this.dispatchEvent(r)}};Vr=new WeakMap;Ti.getSlotTemplateHTML=Bd;Ti.getTooltipContentHTML=Wd;d.customElements.get("media-fullscreen-button")||d.customElements.define("media-fullscreen-button",Ti);var wn=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Si=(t,e,i)=>(wn(t,e,"read from private field"),i?i.call(t):e.get(t)),kn=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Ii=(t,e,i,r)=>(wn(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),we,Gr,Kr={LOADING_DELAY:"loadingdelay",NO_AUTOHIDE:"noautohide"},Mn=500,Vd=`
<svg aria-hidden="true" viewBox="0 0 100 100">
  <path d="M73,50c0-12.7-10.3-23-23-23S27,37.3,27,50 M30.9,50c0-10.5,8.5-19.1,19.1-19.1S69.1,39.5,69.1,50">
    <animateTransform
       attributeName="transform"
       attributeType="XML"
       type="rotate"
       dur="1s"
       from="0 50 50"
       to="360 50 50"
       repeatCount="indefinite" />
  </path>
</svg>
`;function Kd(t){return`
    <style>
      :host {
        display: var(--media-control-display, var(--media-loading-indicator-display, inline-block));
        vertical-align: middle;
        box-sizing: border-box;
        --_loading-indicator-delay: var(--media-loading-indicator-transition-delay, ${Mn}ms);
      }

      #status {
        color: rgba(0,0,0,0);
        width: 0px;
        height: 0px;
      }

      :host slot[name=icon] > *,
      :host ::slotted([slot=icon]) {
        opacity: var(--media-loading-indicator-opacity, 0);
        transition: opacity 0.15s;
      }

      :host([${o.MEDIA_LOADING}]:not([${o.MEDIA_PAUSED}])) slot[name=icon] > *,
      :host([${o.MEDIA_LOADING}]:not([${o.MEDIA_PAUSED}])) ::slotted([slot=icon]) {
        opacity: var(--media-loading-indicator-opacity, 1);
        transition: opacity 0.15s var(--_loading-indicator-delay);
      }

      :host #status {
        visibility: var(--media-loading-indicator-opacity, hidden);
        transition: visibility 0.15s;
      }

      :host([${o.MEDIA_LOADING}]:not([${o.MEDIA_PAUSED}])) #status {
        visibility: var(--media-loading-indicator-opacity, visible);
        transition: visibility 0.15s var(--_loading-indicator-delay);
      }

      svg, img, ::slotted(svg), ::slotted(img) {
        width: var(--media-loading-indicator-icon-width);
        height: var(--media-loading-indicator-icon-height, 100px);
        fill: var(--media-icon-color, var(--media-primary-color, rgb(238 238 238)));
        vertical-align: middle;
      }
    </style>

    <slot name="icon">${Vd}</slot>
    <div id="status" role="status" aria-live="polite">${v("media loading")}</div>
  `}var yi=class extends d.HTMLElement{constructor(){if(super(),kn(this,we,void 0),kn(this,Gr,Mn),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=V(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(e)}}static get observedAttributes(){return[k.MEDIA_CONTROLLER,o.MEDIA_PAUSED,o.MEDIA_LOADING,Kr.LOADING_DELAY]}attributeChangedCallback(e,i,r){var a,s,n,l,c;e===Kr.LOADING_DELAY&&i!==r?this.loadingDelay=Number(r):e===k.MEDIA_CONTROLLER&&(i&&((s=(a=Si(this,we))==null?void 0:a.unassociateElement)==null||s.call(a,this),Ii(this,we,null)),r&&this.isConnected&&(Ii(this,we,(n=this.getRootNode())==null?void 0:n.getElementById(r)),(c=(l=Si(this,we))==null?void 0:l.associateElement)==null||c.call(l,this)))}connectedCallback(){var e,i,r;let a=this.getAttribute(k.MEDIA_CONTROLLER);a&&(Ii(this,we,(e=this.getRootNode())==null?void 0:e.getElementById(a)),(r=(i=Si(this,we))==null?void 0:i.associateElement)==null||r.call(i,this))}disconnectedCallback(){var e,i;(i=(e=Si(this,we))==null?void 0:e.unassociateElement)==null||i.call(e,this),Ii(this,we,null)}get loadingDelay(){return Si(this,Gr)}set loadingDelay(e){Ii(this,Gr,e);let{style:i}=C(this.shadowRoot,":host");i.setProperty("--_loading-indicator-delay",`var(--media-loading-indicator-transition-delay, ${e}ms)`)}get mediaPaused(){return b(this,o.MEDIA_PAUSED)}set mediaPaused(e){A(this,o.MEDIA_PAUSED,e)}get mediaLoading(){return b(this,o.MEDIA_LOADING)}set mediaLoading(e){A(this,o.MEDIA_LOADING,e)}get mediaController(){return R(this,k.MEDIA_CONTROLLER)}set mediaController(e){L(this,k.MEDIA_CONTROLLER,e)}get noAutohide(){return b(this,Kr.NO_AUTOHIDE)}set noAutohide(e){A(this,Kr.NO_AUTOHIDE,e)}};we=new WeakMap;Gr=new WeakMap;yi.shadowRootOptions={mode:"open"};yi.getTemplateHTML=Kd;d.customElements.get("media-loading-indicator")||d.customElements.define("media-loading-indicator",yi);var qr=class{constructor(e,i,r,a,s,n){this.text=e;this.track=i;this.video=r;this.origin=a;this.shift=s;this.fail=n}text;track;video;origin;shift;fail;done=[];run=null;start(){if(this.run)return;let e=this.run=new AbortController;this.feed(e.signal)}stop(){this.run?.abort(),this.run=null}async feed(e){for(let i=0;!e.aborted&&i<4;){let r=this.next();if(!r){await Gd(this.video,e);continue}let a=this.origin(),s=[];try{s=await this.text.between(r[0]+a,r[1]+a,e),i=0}catch(n){!e.aborted&&++i===4&&this.fail(n instanceof Error?n.message:String(n)),await new Promise(l=>setTimeout(l,1e3*5));continue}if(e.aborted)return;for(let n of s){let l=this.shift()-a;this.track.addCue(new VTTCue(n.start+l,Math.max(n.start+.1,n.end)+l,n.text))}this.done.push(r)}}next(){let{currentTime:e,buffered:i,duration:r}=this.video,a=e;for(let l=0;l<i.length;l++)i.start(l)<=e+.1&&i.end(l)>a&&(a=i.end(l));r-a<1&&(a=r+1),a=Math.min(a,e+120);let s=Math.max(0,e-10);for(let l=!0;l;){l=!1;for(let[c,_]of this.done)c<=s&&_>s&&(s=_,l=!0)}if(s>=a||a-s<1&&a<r)return null;let n=Math.min(a,s+20,...this.done.map(([l])=>l).filter(l=>l>s));return[s,n]}};function Gd(t,e){return new Promise(i=>{let r=["timeupdate","seeking","progress"],a=()=>{for(let s of r)t.removeEventListener(s,a);e.removeEventListener("abort",a),i()};for(let s of r)t.addEventListener(s,a);e.addEventListener("abort",a)})}var Ln="btgw.settings";function qd(t,e){try{return JSON.parse(localStorage.getItem(t)??"")??e}catch{return e}}function Yd(t,e){try{localStorage.setItem(t,JSON.stringify(e))}catch{}}var Yr=()=>qd(Ln,{}),ns=t=>Yd(Ln,{...Yr(),...t});var Rn="The browser started it without sound. A click on the loudspeaker turns it on.",Qr=class{constructor(e){this.options=e;this.video=e.video??F("video"),this.video.setAttribute("slot","media"),this.video.removeAttribute("controls"),this.video.playsInline=!0,e.crossOrigin&&(this.video.crossOrigin="anonymous"),this.element=Qd(this.video,e.media),this.video.addEventListener("error",()=>this.failed()),this.video.addEventListener("ended",()=>e.ended?.()),this.video.addEventListener("volumechange",()=>ns({volume:this.video.volume})),this.video.addEventListener("ratechange",()=>ns({rate:this.video.playbackRate})),this.video.addEventListener("loadedmetadata",()=>{this.video.playbackRate=Yr().rate??1}),this.video.volume=Yr().volume??1,this.video.textTracks.addEventListener("change",()=>this.changed()),e.media==="video"&&this.video.addEventListener("playing",()=>{this.lookInside()},{once:!0})}options;video;element;subtitles=[];unshown=[];repairing=null;aborted=new AbortController;tried=!1;said="";delay=0;async start(){let{url:e,type:i,from:r}=this.options,{way:a,why:s}=await Ns(e,i,this.aborted.signal);if(!this.aborted.signal.aborted){if(a==="none"){this.say(s??"","error"),this.video.removeAttribute("src");return}if(a==="repair"){await this.repair(r??0);return}this.video.src!==new URL(e,location.href).href&&(this.video.src=e),r&&this.seekFirst(r),this.watchSound(),this.video.addEventListener("loadedmetadata",()=>{i.startsWith("video/")&&this.video.videoWidth===0&&!this.tried&&this.say(Ps,"error")}),await this.play()}}seekFirst(e){let i=()=>{this.video.currentTime=e};this.video.readyState>0?i():this.video.addEventListener("loadedmetadata",i,{once:!0})}async play(){try{await this.video.play()}catch(e){if(!(e instanceof DOMException)||e.name!=="NotAllowedError")return;this.video.muted=!0;try{await this.video.play(),this.said||this.say(Rn,"note"),this.video.addEventListener("volumechange",()=>{this.said===Rn&&this.say("","")},{once:!0})}catch{}}}watchSound(){let e=this.video,i=()=>{if(e.currentTime-(this.options.from??0)<1||e.seeking)return;e.removeEventListener("timeupdate",i),(e.webkitAudioDecodedByteCount===0||e.mozHasAudio===!1)&&/mp4|quicktime|matroska/.test(this.options.type)&&this.repairSound()};e.addEventListener("timeupdate",i)}async repairSound(){if(this.tried)return;let{probe:e}=await import("./repair-T6T6GLT4.js"),i=await e(this.options.url).catch(()=>null);i&&i.sounds.length>0&&!this.aborted.signal.aborted&&await this.repair(this.video.currentTime)}failed(){let{error:e}=this.video;if(!(!this.video.getAttribute("src")||this.tried&&!this.repairing)){if(this.repairing){this.repairing&&e&&this.say(Zr(e,this.options.type),"error");return}if(!this.tried&&e?.code!==MediaError.MEDIA_ERR_NETWORK&&/mp4|matroska|mp2t|quicktime|webm|audio|msvideo/.test(this.options.type)){this.repair(this.options.from??0);return}this.explain(e)}}async explain(e){let i=Zr(e,this.options.type);try{let r=await fetch(this.options.url,{headers:{Range:"bytes=0-0",Accept:"application/problem+json"},signal:this.aborted.signal,...Us});r.ok?r.body?.cancel():i=(await r.json()).detail}catch{}this.say(i,"error")}async repair(e){if(!this.tried){this.tried=!0,this.say("This browser needs help with the file: preparing…","note");try{let{Repair:i}=await import("./repair-T6T6GLT4.js");if(this.repairing=await i.open(this.options.url,this.options.type.startsWith("video/"),this.video,r=>this.say(r,"error")),this.aborted.signal.aborted){this.repairing.close();return}await this.repairing.start(e),this.say(this.repairing.note,this.repairing.note?"error":""),this.options.tracks?.(),await this.play()}catch(i){this.repairing?.close(),this.video.removeAttribute("src"),this.say(i instanceof Error?i.message:String(i),"error")}}}say(e,i){this.said=e,this.options.said?.(e,i)}sounds(){return this.repairing?.sounds??[]}async chooseSound(e){await this.repairing?.choose(e)}addSubtitle(e){let i=F("track",{kind:"subtitles",label:e.label,srclang:e.language||"und",src:e.url});this.video.append(i);let r={label:e.label,language:e.language,track:i.track,shift:0};i.addEventListener("load",()=>{r.shift=0,this.shift()}),i.addEventListener("error",()=>{i.track.mode==="showing"&&this.say(`The subtitles "${e.label}" cannot be read.`,"note")}),this.subtitles.push(r),this.options.tracks?.()}addCues(e,i,r){let a=this.video.addTextTrack("subtitles",e,i||"und");for(let n of r)a.addCue(new VTTCue(n.start,n.end,n.text));let s={label:e,language:i,track:a,shift:0};return this.subtitles.push(s),this.options.tracks?.(),s}async lookInside(){let{inside:e}=await import("./inside-ZHIIQKO6.js"),i=await e(this.options.url,this.aborted.signal).catch(()=>null);if(!(!i||this.aborted.signal.aborted)){for(let r of i.texts){let a=Hs(r.language)||r.language,s=[Fs(a),r.name].filter(Boolean).join(": ")||"Subtitles",n=s.slice(0,100)+(r.forced&&!/forced/i.test(s)?" (forced)":"");if(r.why){this.unshown.push(`${n} (${r.why})`);continue}let l=this.video.addTextTrack("subtitles",n,a||"und"),c={label:n,language:a,track:l,shift:0};c.feed=new qr(r,l,this.video,()=>this.repairing?.origin??0,()=>c.shift,_=>this.say(`The subtitles "${n}" cannot be read. ${_}`,"note")),this.subtitles.push(c)}i.chapters.length&&this.addChapters(i.chapters),this.options.tracks?.()}}addChapters(e){let i=this.repairing?.origin??0,r=e.map(s=>({start:Math.max(0,s.start-i),title:s.title})),a=this.video.addTextTrack("chapters","Chapters","und");a.mode="hidden",r.forEach((s,n)=>a.addCue(new VTTCue(s.start,r[n+1]?.start??(this.video.duration||s.start+1),s.title))),this.options.chapters?.(r)}show(e){for(let i of this.subtitles)i.track.mode=i===e?"showing":"disabled";this.changed()}changed(){for(let e of this.subtitles)e.track.mode==="showing"?e.feed?.start():e.feed?.stop();this.shift(),this.options.tracks?.()}showing(){return this.subtitles.find(e=>e.track.mode==="showing")??null}shift(e=this.delay){this.delay=e;let i=this.showing();if(!i?.track.cues)return;let r=e-i.shift;if(r!==0){i.shift=e;for(let a of[...i.track.cues])a.startTime+=r,a.endTime+=r}}close(){this.aborted.abort();for(let e of this.subtitles)e.feed?.stop();this.repairing?.close(),this.video.removeAttribute("src"),this.video.load()}};function Qd(t,e){let i=e==="video";return requestAnimationFrame(()=>{t.parentElement?.querySelector("media-captions-button")?.setAttribute("role","switch"),t.parentElement?.querySelector("media-time-display")?.setAttribute("role","timer")}),F("media-controller",{class:"player",audio:!i,"keyboard-forward-seek-offset":"10","keyboard-backward-seek-offset":"10"},t,i&&F("media-loading-indicator",{slot:"centered-chrome",noautohide:!0}),F("media-control-bar",null,F("media-play-button"),F("media-seek-backward-button",{seekoffset:"10"}),F("media-seek-forward-button",{seekoffset:"10"}),F("media-time-range"),F("media-time-display",{showduration:!0,notoggle:!0}),F("media-mute-button"),F("media-volume-range"),i&&F("media-captions-button"),i&&F("media-airplay-button"),i&&F("media-cast-button"),i&&F("media-pip-button"),i&&F("media-fullscreen-button")))}var Dn=`:host { display: block; }
media-controller { width: 100%; aspect-ratio: 16 / 9; }
media-controller[audio] { aspect-ratio: auto; }
video { width: 100%; height: 100%; }
p { font: 0.9rem/1.4 system-ui, sans-serif; margin: .4rem 0 0; }
p:empty { display: none; }
`;var ls=class extends HTMLElement{static observedAttributes=["src"];player=null;connectedCallback(){this.load()}disconnectedCallback(){this.player?.close(),this.player=null}attributeChangedCallback(){this.isConnected&&this.load()}get video(){return this.player?.video??null}load(){this.player?.close();let e=this.getAttribute("src"),i=this.shadowRoot??this.attachShadow({mode:"open"});if(i.replaceChildren(),!e)return;let r=new URL(e,document.baseURI).href,a=F("p",{role:"alert",part:"message"}),s=this.getAttribute("type")??Zd(r),n=this.player=new Qr({url:r,type:s,media:s.startsWith("audio/")?"audio":"video",crossOrigin:!0,said:l=>{a.textContent=l,this.dispatchEvent(new CustomEvent("btgw-message",{detail:l}))},ended:()=>this.dispatchEvent(new Event("ended"))});i.append(F("style",null,Dn),n.element,a),this.hasAttribute("autoplay")||this.hasAttribute("muted")?(n.video.muted=this.hasAttribute("muted"),n.start()):n.element.addEventListener("mediaplayrequest",()=>{n.video.src||n.start()},{capture:!0}),s.startsWith("video/")&&this.subtitles(r,n)}async subtitles(e,i){let r=/^(.*\/(?:btih|btmh)\/[^/]+\/)[^?]*(\?.*)?$/.exec(e);if(!r)return;let a=r[2]?.slice(1)??"",s=(n,l)=>`${n}?${[l,a].filter(Boolean).join("&")}`;try{let l=await(await fetch(s(r[1],"format=json"))).json(),c=new URL(e).pathname,_=l.files.find(S=>S.href===c);if(_)for(let S of $s(l.files,_,I=>s(new URL(I,e).href,"format=vtt")))i.addSubtitle(S)}catch{}}};function Zd(t){return{mkv:"video/x-matroska",webm:"video/webm",mp4:"video/mp4",m4v:"video/mp4",mov:"video/quicktime",ts:"video/mp2t",m2ts:"video/mp2t",avi:"video/x-msvideo",mp3:"audio/mpeg",m4a:"audio/mp4",flac:"audio/flac",ogg:"audio/ogg",opus:"audio/ogg",wav:"audio/wav",ac3:"audio/ac3",eac3:"audio/eac3"}[/\.([a-z0-9]+)$/i.exec(new URL(t).pathname)?.[1]?.toLowerCase()??""]??"video/mp4"}customElements.get("btgw-player")||customElements.define("btgw-player",ls);
